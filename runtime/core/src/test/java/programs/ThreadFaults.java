package programs;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterStats.ServiceThread.State;
import dev.corral.ClusterStats;
import dev.corral.CorralException;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Requests;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Runs clusters in a JVM whose {@link Thread} asks before it starts a native thread, and refuses threads that Corral's
 * own code starts. A scenario runs again and again. Each time another one of its starts fails, alone or with those that
 * follow, until a run has fewer starts. Prints "all the same" and the number of runs at the end.
 *
 * <p>Arguments: the directory with the classes of {@link Faulted}; how many starts fail in a row; by how many starts
 * the next run goes on; the scenarios. Or, after the first three, {@code FIRST} and a number: so many starts succeed,
 * from the very first one in this JVM.
 */
public final class ThreadFaults {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int WORKERS = 2;
    /** A failure that the host causes must not use these up. */
    private static final int MAX_RESTARTS = 2;
    private static final String NAME = "faulty";
    /** Pools of Corral. They keep no idle threads here, so that each task needs a thread to be started. */
    private static final List<String> POOLS = List.of("worker.Ending.THREADS", "worker.IsolatedIncarnation.LIVES",
            "guard.GuardedWorker.SEARCHES", "report.EndedIsolate.SEARCHES", "guard.JvmHeap.COLLECTING",
            "reap.Reaper.THREADS", "isolate.Metaspace.THREADS", "redirect.stdio.OutputPump.THREADS");

    // The plan. Guarded by the class's monitor.
    private static boolean armed;
    private static long asked;
    private static long first;
    private static long last;

    /** The stacks of the starts that were refused in the current run. */
    private static final Queue<String> REFUSED = new ConcurrentLinkedQueue<>();

    private final Program program;
    private final int port;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    private ThreadFaults(Path classes) {
        port = Requests.freePort();
        program = Program.classPath(List.of(classes), "programs.Faulted", Integer.toString(port), "socket");
    }

    /** What happens while threads are refused. */
    private enum Scenario {
        START, RESTART, RELOAD, STOP
    }

    public static void main(String[] args) throws Exception {
        var faults = new ThreadFaults(Path.of(args[0]));
        Thread.class.getField("refuses").set(null, (Predicate<Thread>) ThreadFaults::refuses);
        int fail = Integer.parseInt(args[1]);
        int step = Integer.parseInt(args[2]);
        if (args[3].equals("FIRST")) {
            var _ = Thread.ofVirtual().unstarted(() -> {}); // the JDK's own threads; it cannot use virtual threads without them
            faults.run(Scenario.START, Integer.parseInt(args[4]), fail);
            System.out.println(isPlanOver() ? "all the same, runs: 1" : "all the same, and there are no more starts");
            return;
        }
        faults.run(Scenario.START); // what is started once in each JVM is started now
        keepNoIdleThreads();
        int runs = 0;
        for (String name : List.of(args).subList(3, args.length)) {
            long succeed = 0;
            do {
                faults.run(Scenario.valueOf(name), succeed, fail);
                succeed += step;
                runs++;
            } while (isPlanOver());
        }
        System.out.println("all the same, runs: " + runs);
    }

    private void run(Scenario scenario, long succeed, long fail) {
        plan(succeed, fail);
        try {
            run(scenario);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(scenario + ": after " + succeed + " starts " + fail + " failed: " + REFUSED, e);
        }
    }

    // ---- Faults ----

    private static boolean refuses(Thread thread) {
        return isArmed() && isStartedByCorral() && refuseNext(thread);
    }

    private static synchronized boolean isArmed() {
        return armed;
    }

    private static synchronized boolean refuseNext(Thread thread) {
        long number = asked++;
        boolean refused = number >= first && number < last;
        if (refused) {
            REFUSED.add(thread.getName() + " "
                    + StackWalker.getInstance().walk(frames -> frames.skip(2).limit(12).toList()));
        }
        return refused;
    }

    /** Whether the innermost frame that is not of the JDK is one of Corral. */
    private static boolean isStartedByCorral() {
        return StackWalker.getInstance().walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .filter(each -> !each.startsWith("java.") && !each.startsWith("jdk.")
                        && !each.startsWith(ThreadFaults.class.getName()))
                .findFirst()).filter(each -> each.startsWith("dev.corral.")).isPresent();
    }

    private static synchronized void plan(long succeed, long fail) {
        REFUSED.clear();
        asked = 0;
        first = succeed;
        last = succeed + fail;
    }

    private static synchronized boolean isPlanOver() {
        return asked >= last;
    }

    private static synchronized void arm(boolean on) {
        armed = on;
    }

    private static void keepNoIdleThreads() throws ReflectiveOperationException {
        for (String pool : POOLS) {
            int dot = pool.lastIndexOf('.');
            Field field = field("dev.corral." + pool.substring(0, dot), pool.substring(dot + 1));
            ((ThreadPoolExecutor) field.get(null)).setKeepAliveTime(1, TimeUnit.NANOSECONDS);
        }
        field("dev.corral.carrier.CarrierThread", "keptNanos").setLong(null, 0);
    }

    private static Field field(String type, String name) throws ReflectiveOperationException {
        Field field = Class.forName(type).getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    // ---- Scenarios ----

    private void run(Scenario scenario) throws Exception {
        lines.clear();
        Set<Thread> before = platformThreads();
        Cluster cluster;
        arm(scenario == Scenario.START);
        try {
            cluster = insist(this::open);
            if (scenario == Scenario.START) {
                awaitReady(cluster);
            }
        } finally {
            arm(false);
        }
        try (cluster) {
            awaitReady(cluster);
            arm(scenario != Scenario.START);
            switch (scenario) {
                case START -> {
                }
                case RESTART -> {
                    Worker killed = cluster.workers().getFirst();
                    killed.kill().get(LONG.toSeconds(), TimeUnit.SECONDS);
                }
                case RELOAD -> insist(() -> reload(cluster));
                case STOP -> cluster.close();
            }
            if (scenario != Scenario.STOP) {
                awaitReady(cluster);
                arm(false);
                checkWorks(cluster);
            }
        } finally {
            arm(false);
        }
        checkNothingLeft(before);
    }

    private Cluster open() {
        return Cluster.open(program, config -> configure(config));
    }

    private ClusterConfig configure(ClusterConfig config) {
        return config.withName(NAME).withWorkers(WORKERS).withOutput((_, _, line) -> lines.add(line))
                .withRestart(RestartPolicy.DEFAULT.withBackoff(Backoff.fixed(Duration.ofMillis(10)))
                        .withIntensity(MAX_RESTARTS, Duration.ofHours(1)));
    }

    private static ReloadResult reload(Cluster cluster) throws Exception {
        ReloadResult result = cluster.reload().get(LONG.toSeconds(), TimeUnit.SECONDS);
        if (result instanceof ReloadResult.Aborted) {
            throw new CorralException(result.toString());
        }
        return result;
    }

    /** Again and again while threads are refused. */
    private static <T> T insist(Callable<T> action) throws Exception {
        while (true) {
            try {
                return action.call();
            } catch (OutOfMemoryError | CorralException e) {
                if (REFUSED.isEmpty() || isPlanOver() && !e.toString().contains("made up")) {
                    throw e;
                }
            }
        }
    }

    // ---- Checks ----

    private static void awaitReady(Cluster cluster) throws InterruptedException {
        check(cluster.awaitReady(WORKERS, LONG), () -> "not ready: " + cluster.stats());
    }

    private void checkWorks(Cluster cluster) throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            Worker worker = cluster.workers().getFirst();
            check(worker.kill().get(LONG.toSeconds(), TimeUnit.SECONDS).code() == 137, () -> "killed");
            awaitReady(cluster);
            request();
        }
        await(() -> cluster.stats().isLive(), () -> cluster.stats().toString()); // a thread that was refused is started within a second
        ClusterStats stats = cluster.stats();
        check(stats.gaveUp() == 0 && stats.workers().size() == WORKERS
                && stats.serviceThreads().stream().allMatch(each -> each.state() == State.RUNNING), stats::toString);
    }

    private void request() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LONG.toMillis());
            socket.getOutputStream().write('\n');
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            check(line != null && Long.parseLong(line) > 0, () -> "answered: " + line);
        }
    }

    /** Each worker that stopped has drained and run its hook, and nothing of the cluster is left. */
    private void checkNothingLeft(Set<Thread> before) throws Exception {
        await(() -> lines.stream().filter("hook"::equals).count() == lines.stream().filter("drained"::equals).count()
                && lines.contains("hook"), lines::toString);
        await(() -> left(before).isEmpty(), () -> "threads left: " + left(before));
        check(shutdownHooks().isEmpty(), () -> "hooks left: " + shutdownHooks());
        new ServerSocket(port).close(); // it is free again
    }

    private static Set<Thread> left(Set<Thread> before) {
        Set<Thread> now = platformThreads();
        now.removeAll(before);
        now.removeIf(thread -> !thread.getName().startsWith("corral-" + NAME) && !thread.getName().startsWith(NAME));
        return now;
    }

    private static Set<Thread> platformThreads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    /** Names of those of the cluster. */
    private static List<String> shutdownHooks() {
        try {
            Class<?> owner = Class.forName("java.lang.ApplicationShutdownHooks");
            var hooks = (IdentityHashMap<?, ?>) MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
                    .findStaticVarHandle(owner, "hooks", IdentityHashMap.class).get();
            return hooks.keySet().stream().map(hook -> ((Thread) hook).getName())
                    .filter(each -> each.startsWith("corral-" + NAME)).toList();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition, Supplier<String> text)
            throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            check(System.nanoTime() - start < LONG.toNanos(), text);
            Thread.sleep(1);
        }
    }

    private static void check(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new AssertionError(what.get());
        }
    }
}
