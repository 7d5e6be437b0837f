package dev.corral.bench;

import dev.corral.Cluster;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures the cost of watching workers that do nothing, with a heartbeat every second: the CPU time of Corral's own
 * threads, and of the workers' carriers, which run a probe at each heartbeat. The argument is the number of workers, by
 * default 1000.
 */
public final class IdleCpu {
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int workers;

    private IdleCpu(int workers) {
        this.workers = workers;
    }

    public static void main(String[] args) throws InterruptedException {
        new IdleCpu(args.length == 0 ? 1000 : Integer.parseInt(args[0])).run();
    }

    private void run() throws InterruptedException {
        Cluster cluster = Cluster.open(Program.worker(Idle.class), config -> config.withWorkers(workers)
                .withHeartbeat(HeartbeatPolicy.every(Duration.ofSeconds(1))).withShutdownHook(false));
        if (!cluster.awaitReady(workers, Duration.ofMinutes(5))) {
            throw new IllegalStateException("not ready: " + cluster.stats());
        }
        System.gc();
        Thread.sleep(SETTLING);
        long start = System.nanoTime();
        long processBefore = SYSTEM.getProcessCpuTime();
        Map<String, Long> before = cpuNanos();
        Thread.sleep(WINDOW);
        Map<String, Long> after = cpuNanos();
        long process = SYSTEM.getProcessCpuTime() - processBefore;
        print(before, after, process, (double) (System.nanoTime() - start));
        System.exit(0); // the workers end with the JVM
    }

    private void print(Map<String, Long> before, Map<String, Long> after, long process, double elapsed) {
        System.out.printf("%d workers, heartbeats every second, %.0f s, load average %s%n", workers, elapsed / 1e9,
                Load.now());
        double own = 0;
        for (var entry : after.entrySet()) {
            double share = (entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) / elapsed;
            own += entry.getKey().startsWith("corral-") ? share : 0;
            line(entry.getKey(), share);
        }
        line("all of corral-*", own);
        line("the process, JIT and GC included", process / elapsed);
    }

    private static void line(String what, double share) {
        System.out.printf("  %-34s %6.2f %% of a core%n", what, 100 * share);
    }

    /** Returns the CPU time of each of Corral's own threads, and the sum over all carriers. */
    private static Map<String, Long> cpuNanos() {
        var sums = new TreeMap<String, Long>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName();
                if (name.startsWith("corral-") || name.contains("/carrier-")) {
                    sums.merge(name.startsWith("corral-") ? name : "carriers", THREADS.getThreadCpuTime(thread
                            .getThreadId()), Long::sum);
                }
            }
        }
        return sums;
    }
}
