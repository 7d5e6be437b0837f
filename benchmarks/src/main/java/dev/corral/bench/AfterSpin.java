package dev.corral.bench;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.bench.compare.commands.Group;
import dev.corral.samples.Zombie;
import dev.corral.samples.zombie.Runaway;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;

/**
 * Measures which threads use the processors after a worker that spins was replaced. The sample {@code zombie} runs in
 * two workers, one of which spins in one way until it has been detected, killed and replaced. Then the CPU time of each
 * thread of the JVM is read from {@code /proc} once per second. Each way runs in a JVM of its own, which was idle
 * before. The arguments are ways to spin; without arguments, all that use CPU time. Linux only.
 */
public final class AfterSpin {
    private static final Set<Runaway> RESTING = EnumSet.of(Runaway.SLEEP, Runaway.PARK, Runaway.DEADLOCK,
            Runaway.CLASS_DEADLOCK, Runaway.FIFO);
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final int SECONDS = 4;
    /** The share of one core below which the JVM counts as idle. */
    private static final double RESTS = 0.05;
    private static final int SHOWN = 3;
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final BlockingQueue<Exit> exits = new LinkedBlockingQueue<>();

    private AfterSpin() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("only")) {
            new AfterSpin().measure(Runaway.of(args[1]));
            System.exit(0); // the workers end with the JVM
        }
        System.out.println(
                "Share of one core in the seconds after a worker that spun was replaced, and who had most of it; load average "
                        + Load.now());
        List<Runaway> kinds = args.length == 0 ? List.copyOf(EnumSet.complementOf(EnumSet.copyOf(RESTING)))
                : List.of(args).stream().map(Runaway::of).toList();
        for (Runaway kind : kinds) {
            List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), AfterSpin.class.getName(), "only",
                    kind.toString()));
            new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }

    private void measure(Runaway kind) throws Exception {
        int port = Group.freePort();
        var restarts =
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(Integer.MAX_VALUE, Duration.ofDays(1));
        Cluster cluster = Cluster.open(Program.classPath(List.of(samples()), Zombie.class.getName(), "" + port),
                config -> config.withWorkers(2).withRestart(restarts).withShutdownHook(false)
                        .withOutput((_, _, _) -> {})
                        .withHeartbeat(HeartbeatPolicy.every(Duration.ofMillis(100))).withListener(event -> {
                            if (event instanceof ClusterEvent.Exited exited) {
                                exits.add(exited.exit());
                            }
                        }));
        cluster.awaitReady(2, Duration.ofMinutes(1));
        awaitRest();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream().write(("GET /spin?kind=" + kind + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            Exit exit = exits.take();
            cluster.awaitReady(2, Duration.ofMinutes(1));
            System.out.printf("%-14s %s%n", kind, exit.abandonedThreads().isEmpty() ? "" : "ABANDONED");
            for (int second = 0; second < SECONDS; second++) {
                line(second);
            }
        }
    }

    private static void line(int second) throws IOException, InterruptedException {
        Map<String, Long> before = cpuNanos();
        long processBefore = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        Thread.sleep(1000);
        double elapsed = System.nanoTime() - start;
        double process = (SYSTEM.getProcessCpuTime() - processBefore) / elapsed;
        Map<String, Double> shares = new HashMap<>();
        cpuNanos().forEach((name, nanos) -> shares.put(name, (nanos - before.getOrDefault(name, 0L)) / elapsed));
        String most = shares.entrySet().stream().sorted(Map.Entry.comparingByValue(Collections.reverseOrder()))
                .limit(SHOWN).filter(each -> each.getValue() >= RESTS / 10)
                .map(each -> String.format("%s %.2f", each.getKey(), each.getValue()))
                .collect(Collectors.joining(", "));
        System.out.printf("    second %d: %5.2f  %s%n", second + 1, process, most);
    }

    private static void awaitRest() throws InterruptedException {
        long before;
        do {
            before = SYSTEM.getProcessCpuTime();
            Thread.sleep(1000);
        } while (SYSTEM.getProcessCpuTime() - before > RESTS * 1e9);
    }

    /** Returns the CPU time by the names of threads. Threads with the same name are added up. */
    private static Map<String, Long> cpuNanos() throws IOException {
        Map<String, Long> sums = new HashMap<>();
        try (var tasks = Files.list(TASKS)) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    String schedule = Files.readString(task.resolve("schedstat"));
                    sums.merge(name, Long.parseLong(schedule.substring(0, schedule.indexOf(' '))), Long::sum);
                } catch (IOException e) {
                    // the thread has ended; the total of the process includes it
                }
            }
        }
        return sums;
    }

    private static Path samples() throws URISyntaxException {
        return Path.of(Zombie.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
