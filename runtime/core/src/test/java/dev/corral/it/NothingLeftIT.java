package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.testing.Client;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import programs.common.Kept;

/** What a dead worker leaves: no loader, no thread, no descriptor, no metaspace. */
class NothingLeftIT {
    /** Loaders of this JVM that stay because of a test that leaves a thread behind on purpose. */
    private static final AtomicLong HELD = new AtomicLong();
    /** Loaders that other tests had to leave: the fewest seen, since some may only not have been collected yet. */
    private static long others;

    private static final int WARM_UP = 15;
    private static final int RESTARTS = Soak.number("corral.restarts", 20, 600);

    /** Figures of the JVM. */
    private record Footprint(long metaspaceBytes, int loadedClasses, long descriptors, Set<String> threads) {
        static Footprint take() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            long metaspace = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getName().equals("Metaspace")).map(MemoryPoolMXBean::getUsage)
                    .mapToLong(usage -> usage.getUsed()).sum();
            String[] descriptors = new File("/proc/self/fd").list();
            return new Footprint(metaspace, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
                    descriptors == null ? 0 : descriptors.length,
                    Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                            .filter(name -> name.startsWith("it#"))
                            .collect(Collectors.toCollection(TreeSet::new)));
        }
    }

    /**
     * Compiled code keeps the classes that are inlined in it while any thread is inside, one of another worker as well.
     */
    @Test
    void shouldUnloadAWorkerWhoseClassesTheJitHasInlinedWhereOthersWait() throws Exception {
        int port = Harness.freePort();
        Program program = Harness.program("Inlined", Integer.toString(port));
        try (var it = new Harness(program, config -> config.withWorkers(2))) {
            it.awaitReady(2);
            Client.count(2_000, () -> Client.ask(port)); // after each of which one waits anew, in code that is compiled meanwhile
            it.worker(1).disconnect().get();
            await().until(() -> {
                System.gc();
                return ownLoaders() <= 1;
            });
        }
    }

    private static void restartAndCount(Program program, String line) throws Exception {
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1_000_000, Duration.ofDays(1));
        try (var it = new Harness(program, config -> config.withRestart(policy))) {
            restart(it.cluster, it, 1, WARM_UP, line);
            Footprint before = Footprint.take();
            restart(it.cluster, it, WARM_UP + 1, WARM_UP + RESTARTS, line);
            // All loaders but that of the worker of now; the master counts those that it has not seen go yet.
            await().atMost(Harness.LONG).until(() -> {
                System.gc();
                return ownLoaders() <= 2;
            });
            Footprint after = Footprint.take();
            assertEquals(0, it.cluster.stats().leakedLoaders());
            assertEquals(0, it.cluster.stats().abandonedThreads());
            assertEquals(List.of(), it.of(ClusterEvent.LoaderLeaked.class));
            assertTrue(after.loadedClasses - before.loadedClasses < 500, before + " then " + after);
            assertTrue(after.metaspaceBytes - before.metaspaceBytes < 4 << 20, before + " then " + after);
            assertTrue(after.descriptors - before.descriptors < 10, before + " then " + after);
            Worker now = it.cluster.workers().getFirst();
            assertTrue(after.threads.stream().allMatch(name -> name.startsWith("it#" + now.id() + "/")),
                    after.toString());
        }
        await().until(() -> Footprint.take().threads.isEmpty());
    }

    private static void restart(Cluster cluster, Harness it, long from, long to, String line) throws Exception {
        for (long id = from; id <= to; id++) {
            it.awaitLine(id, line);
            Worker worker = cluster.worker(id).orElseThrow();
            Exit exit = worker.kill().get();
            assertEquals(List.of(), exit.abandonedThreads());
            String prefix = id + " ";
            it.lines.removeIf(text -> text.startsWith(prefix));
        }
    }

    /** Counts a loader that a thread holds which no force can end, and that so stays as long as this JVM. */
    static void countHeldLoader() {
        HELD.incrementAndGet();
    }

    /** Class loaders of workers that the JVM still has, without those that are held for good. */
    static long liveLoaders() throws Exception {
        String stats = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new javax.management.ObjectName("com.sun.management:type=DiagnosticCommand"), "vmClassloaderStats",
                new Object[0], new String[0]);
        return stats.lines().filter(line -> line.contains("IsolateLoader")).count() - HELD.get();
    }

    @BeforeAll
    static void countLoadersOfOthers() throws Exception {
        for (int i = 0; i < 3; i++) { // the last collection frees what only cleaners held
            System.gc();
        }
        others = liveLoaders();
    }

    /** Class loaders of the workers of these tests that the JVM still has. */
    private static long ownLoaders() throws Exception {
        long live = liveLoaders();
        others = Math.min(others, live);
        return live - others;
    }

    @Test
    void shouldLeaveNothingOfAnHttpServer() throws Exception {
        int port = Harness.freePort();
        restartAndCount(Harness.program("Hello", Integer.toString(port), "virtual"), "port " + port);
    }

    /** Threads that are started while the worker is taken apart must not slip through. */
    @Test
    void shouldLeaveNoThreadOfServersThatAreStoppedWhileTheyStart() throws Exception {
        for (int i = 0; i < 20; i++) {
            int port = Harness.freePort();
            try (var it = new Harness(Harness.program("Hello", Integer.toString(port)),
                    config -> config.withWorkers(16))) {
                it.awaitReady(16); // as soon as it has bound the port; the server itself is started later
            }
        }
        assertEquals(List.of(), threadsOfWorkers());
    }

    private static List<Thread> threadsOfWorkers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().startsWith("it#"))
                .toList();
    }

    /** A handler of the program's own would be killed at its first step, and the JVM tell of it on its own stream. */
    @Test
    void shouldAskNoHandlerOfAThreadThatIsKilled() throws Exception {
        try (var it = new Harness(Harness.program("Leftovers", "own-handler").withShared("programs.common"),
                config -> config.withRestart(RestartPolicy.NEVER))) {
            it.awaitLine(1, "left");
            assertEquals(List.of(), it.worker(1).kill().get().abandonedThreads());
            assertEquals(Map.of(), Kept.THROWN);
        } finally {
            Kept.THROWN.clear();
        }
    }

    @Test
    void shouldTellWhichLoaderHasLeaked() throws Exception {
        try (var it = new Harness(Harness.program("Probe", "leak").withShared("programs.common"),
                config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER))) {
            it.awaitLine(1, "leaked");
            it.awaitLine(2, "leaked");
            it.worker(1).kill().get();
            await().until(() -> {
                System.gc();
                return it.of(ClusterEvent.LoaderLeaked.class).size() == 1;
            });
            var leaked = it.of(ClusterEvent.LoaderLeaked.class).getFirst();
            assertEquals(1, leaked.worker().id());
            assertEquals("static programs.common.Kept.OBJECTS (java.util.Collections$SynchronizedRandomAccessList)"
                    + " -> list (java.util.ArrayList) -> elementData (java.lang.Object[]) -> [n] (programs.Probe)",
                    leaked.path().replaceFirst("\\[[01]]", "[n]")); // either worker may have been the first
            assertEquals(1, it.cluster.stats().leakedLoaders());
            Kept.OBJECTS.clear();
            await().until(() -> {
                System.gc();
                return it.cluster.stats().leakedLoaders() == 0;
            });
        } finally {
            Kept.OBJECTS.clear();
        }
    }

    @Test
    void shouldLeaveNothingOfPoolsTimersAndThreadLocals() throws Exception {
        restartAndCount(Harness.program("Probe", "tidy"), "untidy");
    }

    @Test
    void shouldLeaveNothingOfNetty() throws Exception {
        List<Path> classPath = Stream.concat(Stream.of(Harness.testClasses()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                        .filter(path -> path.getFileName().toString().startsWith("netty-")))
                .toList();
        assertTrue(classPath.size() > 3, classPath.toString());
        restartAndCount(Program.classPath(classPath, "programs.NettyHello", Integer.toString(Harness.freePort())),
                "bound");
    }

    /** Each of these has been seen to hold a worker, or is known to in other containers. */
    @ParameterizedTest
    @ValueSource(strings = {"busy-common-pool", "timeouts", "schedule-in-common-pool", "schedule-in-pool",
            "schedule-in-work-stealing-pool", "forked-task", "parallel-stream", "http-client", "deaf-http-client",
            "cleaner",
            "cleaner-of-factory", "timer", "dead-timer", "scheduled-executor", "jdbc-driver", "h2", "own-interrupt",
            "class-value", "signals", "beans", "beans-of-virtual-threads", "caught-exceptions"})
    void shouldLeaveNothingOf(String what) throws Exception {
        leaveAndEnd(what);
    }

    private static void leaveAndEnd(String... args) throws Exception {
        var program = Program.classPath(List.of(Harness.testClasses(), Harness.jarOf(org.h2.Driver.class)),
                "programs.Leftovers", args);
        try (var it = new Harness(program, config -> config.withWorkers(2).withRestart(RestartPolicy.NEVER))) {
            for (long id = 1; id <= 2; id++) {
                it.awaitLine(id, "left");
            }
            for (Worker worker : List.of(it.worker(1), it.worker(2))) {
                assertEquals(List.of(), worker.kill().get().abandonedThreads());
            }
            assertEquals(List.of(), threadsOfWorkers());
            await().until(() -> {
                System.gc();
                return ownLoaders() <= 0;
            });
            assertEquals(List.of(), it.of(ClusterEvent.LoaderLeaked.class));
        }
    }

    /** Nobody looks after what is left, then. */
    @Test
    void shouldLeaveNothingWhenTheClusterIsClosed() {
        try (var it = new Harness(Harness.program("Leftovers", "record"), config -> config)) {
            it.awaitLine(1, "left");
        }
        await().until(() -> {
            System.gc();
            return ownLoaders() <= 0;
        });
    }

    /**
     * The JDK's own thread reads from a connection to a directory, on a socket of its own, which is in a pool or is
     * not.
     */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void shouldLeaveNothingOfConnectionsToADirectory(String pooled) throws Exception {
        List<Socket> connections = new CopyOnWriteArrayList<>();
        try (var directory = new ServerSocket(0)) {
            Thread.ofPlatform().daemon().start(() -> greetAll(directory, connections));
            leaveAndEnd("directory", Integer.toString(directory.getLocalPort()), pooled);
            assertEquals(2, connections.size());
            for (Socket connection : connections) {
                connection.setSoTimeout((int) Harness.LONG.toMillis());
                connection.getInputStream().readAllBytes(); // to its end
            }
        } finally {
            for (Socket connection : connections) {
                connection.close();
            }
        }
    }

    /** Answers to whoever connects that he is known. */
    private static void greetAll(ServerSocket directory, List<Socket> connections) {
        try {
            while (true) {
                Socket connection = directory.accept();
                connections.add(connection);
                connection.getInputStream().readNBytes(14); // an anonymous bind request
                connection.getOutputStream().write(HexFormat.of().parseHex("300c02010161070a010004000400"));
            }
        } catch (IOException e) {
            // closed
        }
    }
}
