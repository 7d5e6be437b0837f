package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.samples.Zombie;
import dev.corral.samples.zombie.Runaway;
import dev.corral.testing.Harness;
import dev.corral.testing.HttpConnection;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every way to run away is found, killed and replaced, on the thread that accepts, on one of a pool and on a virtual
 * one, while two good workers go on answering.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ZombieIT {
    /** What burns no CPU disturbs nobody from a thread of its own. */
    private static final Set<Runaway> RESTING = EnumSet.of(Runaway.SLEEP, Runaway.PARK, Runaway.DEADLOCK,
            Runaway.CLASS_DEADLOCK, Runaway.FIFO);
    /** What waits inside the JVM or the system: no force ends that, it is abandoned. */
    private static final Set<Runaway> UNENDING = EnumSet.of(Runaway.DEADLOCK, Runaway.CLASS_DEADLOCK, Runaway.FIFO);
    private static final List<String> THREADS = List.of("server", "pool", "virtual");
    private static Zoo ofEnding;
    /** A cluster that abandons early what cannot be ended, because the test waits until it does. */
    private static Zoo ofUnending;

    /** A cluster of the sample, with the number of the threads that it had to abandon. */
    private static final class Zoo {
        final int port = Harness.freePort();
        final Harness it;
        int abandoned;

        Zoo(Duration kill) throws InterruptedException {
            RestartPolicy atOnce = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1000,
                    Duration.ofSeconds(1));
            it = new Harness(Program.classPath(List.of(Harness.jarOf(Zombie.class)), Zombie.class.getName(),
                    Integer.toString(port)),
                    config -> config.withWorkers(3).withRestart(atOnce).withStop(StopPolicy.DEFAULT.withKill(kill))
                            .withHeartbeat(HeartbeatPolicy.every(Duration.ofMillis(100))
                                    .withNotServing(Duration.ofMillis(300))));
            it.awaitReady(3);
        }
    }

    @BeforeAll
    static void open() throws InterruptedException {
        ofEnding = new Zoo(Duration.ofSeconds(10));
        ofUnending = new Zoo(Duration.ofSeconds(3));
    }

    @AfterAll
    static void close() {
        ofEnding.it.close();
        ofUnending.it.close();
    }

    /**
     * In a soak, each kind on each thread; in the build, each kind on one thread, and each thread with several kinds.
     */
    static Stream<Arguments> runaways() {
        return THREADS.stream().flatMap(thread -> Stream.of(Runaway.values())
                .filter(kind -> Soak.isOn() || thread.equals(threadInBuild(kind)))
                .filter(kind -> thread.equals("server") || !RESTING.contains(kind))
                .map(kind -> Arguments.of(kind, thread)));
    }

    private static String threadInBuild(Runaway kind) {
        return RESTING.contains(kind) ? "server" : THREADS.get(kind.ordinal() % THREADS.size());
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("runaways")
    @Order(1)
    void shouldFindKillAndReplace(Runaway kind, String thread) throws Exception {
        Zoo zoo = UNENDING.contains(kind) ? ofUnending : ofEnding;
        Harness it = zoo.it;
        it.awaitReady(3);
        int exitsBefore = it.exits().size();
        try (var asking = new HttpConnection(zoo.port); var neighbours = new Neighbours(zoo)) {
            long zombie = workerOf(asking.ask("/"));
            neighbours.connect(zombie);
            asking.send("/spin?kind=" + kind + "&on=" + thread);
            List<HttpConnection> handed = new ArrayList<>();
            await().until(() -> {
                handed.add(new HttpConnection(zoo.port)); // every third is for the zombie
                return it.exits().size() > exitsBefore || handed.size() > 1000;
            });
            handed.forEach(HttpConnection::close);
            Exit exit = it.awaitExit(zombie);
            var reason = assertInstanceOf(ExitReason.Zombie.class, exit.reason(), exit::toString);
            assertTrue(!reason.autopsy().stacks().isEmpty(), () -> reason.toString());
            assertEquals(137, exit.code());
            assertEquals(UNENDING.contains(kind), !exit.abandonedThreads().isEmpty(),
                    () -> exit.abandonedThreads().toString());
            zoo.abandoned += exit.abandonedThreads().size();
            it.awaitReady(3);
            neighbours.awaitMore();
        }
        assertEquals(exitsBefore + 1, it.exits().size(), () -> it.exits().toString());
    }

    @Test
    @Order(2)
    void shouldHaveLeftNothingThatRunsAndNoLoaderButThoseOfAbandonedThreads() throws Exception {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            long cpu = os.getProcessCpuTime();
            long start = System.nanoTime();
            Thread.sleep(1000);
            return os.getProcessCpuTime() - cpu < (System.nanoTime() - start) * 0.05;
        });
        assertLeftNoLoader(ofEnding, 0);
        assertLeftNoLoader(ofUnending, UNENDING.size());
    }

    private static void assertLeftNoLoader(Zoo zoo, int most) {
        Harness it = zoo.it;
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            System.gc();
            return it.cluster.stats().leakedLoaders() <= most;
        });
        assertEquals(zoo.abandoned, it.cluster.stats().abandonedThreads());
        Set<Long> unending = new java.util.HashSet<>();
        it.exits().stream().filter(exit -> !exit.abandonedThreads().isEmpty()).forEach(exit -> unending.add(exit
                .worker()));
        it.of(ClusterEvent.LoaderLeaked.class).forEach(
                leaked -> assertTrue(unending.contains(leaked.worker().id()), leaked::toString));
    }

    private static long workerOf(String answer) {
        return Long.parseLong(answer.substring(answer.lastIndexOf(' ') + 1));
    }

    /** One connection to each other worker, on which requests go on all the time; none may fail. */
    private static final class Neighbours implements AutoCloseable {
        private final Zoo zoo;
        private final List<HttpConnection> connections = new ArrayList<>();
        private final AtomicLong answers = new AtomicLong();
        private volatile Throwable failure;
        private volatile boolean closed;
        private Thread thread;

        Neighbours(Zoo zoo) {
            this.zoo = zoo;
        }

        void connect(long zombie) throws IOException {
            Set<Long> reached = new java.util.HashSet<>(Set.of(zombie));
            while (reached.size() < 3) {
                var connection = new HttpConnection(zoo.port);
                if (reached.add(workerOf(connection.ask("/")))) {
                    connections.add(connection);
                } else {
                    connection.close();
                }
            }
            thread = Thread.ofPlatform().start(this::ask);
        }

        private void ask() {
            try {
                while (!closed) {
                    for (HttpConnection connection : connections) {
                        connection.ask("/");
                        answers.incrementAndGet();
                    }
                    Thread.sleep(1);
                }
            } catch (IOException | InterruptedException e) {
                failure = e;
            }
        }

        void awaitMore() {
            long before = answers.get();
            await().until(() -> answers.get() > before + 2 || failure != null);
            assertEquals(null, failure, () -> zoo.it.exits().toString());
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            if (thread != null) {
                thread.join();
            }
            connections.forEach(HttpConnection::close);
        }
    }
}
