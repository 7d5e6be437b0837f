package dev.corral.hotspot;

import dev.corral.testing.Soak;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.hotspot.AsyncStop.Outcome;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads of this test stand for those of a program. */
@Tag("c2")
class AsyncStopTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int STOPS = Soak.number("corral.stops", 500, 5_000);

    private static volatile long sink;

    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1;
    }

    private static boolean isProgram(String className) {
        return className.startsWith(AsyncStopTest.class.getName());
    }

    private static Thread start(boolean virtual, Runnable body) {
        return virtual ? Thread.ofVirtual().start(body) : Thread.ofPlatform().daemon().start(body);
    }

    private static Thread spin(boolean virtual, Runnable body, List<Throwable> ends) {
        return start(virtual, () -> {
            try {
                body.run();
            } catch (Throwable e) {
                ends.add(e);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopALoopInsideTheJdk(boolean virtual) throws InterruptedException {
        List<Runnable> bodies = List.of(() -> sink += new Random(1).ints().sum(),
                () -> sink += Pattern.compile("((a|aa)+)+$").matcher("a".repeat(80) + "!").find() ? 1 : 0);
        for (Runnable body : bodies) {
            List<Throwable> ends = new java.util.concurrent.CopyOnWriteArrayList<>();
            Thread thread = spin(virtual, body, ends);
            await().atMost(LONG).until(() -> AsyncStop.stop(thread, new Stopped(),
                    AsyncStopTest::isProgram) == Outcome.STOPPED);
            assertTrue(thread.join(LONG));
            assertEquals(List.of(Stopped.class), ends.stream().map(Object::getClass).toList());
            assertEquals(Outcome.ENDED, AsyncStop.stop(thread, new Stopped(), AsyncStopTest::isProgram));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseWhereLocksOrThreadsOfTheJdkAreAtWork(boolean virtual) throws InterruptedException {
        var end = new AtomicBoolean();
        var begun = new CountDownLatch(1);
        Thread thread = start(virtual, () -> {
            begun.countDown();
            while (!end.get()) {
                LockSupport.parkNanos(1_000_000_000);
            }
        });
        begun.await();
        await().atMost(LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        for (int i = 0; i < 20; i++) {
            assertEquals(Outcome.REFUSED, AsyncStop.stop(thread, new Stopped(), AsyncStopTest::isProgram));
        }
        end.set(true);
        LockSupport.unpark(thread);
        assertTrue(thread.join(LONG));
    }

    /**
     * Stops at any moment of threads that do everything at which a stop could break the JDK. Whatever is broken shows
     * in the probe, in threads that were there before and in new ones. The long form: {@code -Dcorral.stops=10000}.
     */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void shouldBreakNothingOfTheJdkInAStorm() throws Exception {
        var old = new ArrayList<Prober>();
        old.add(new Prober(Thread.ofPlatform().daemon()));
        old.add(new Prober(Thread.ofVirtual()));
        List<Thread> victims = new ArrayList<>();
        int stopped = 0;
        for (int i = 0; i < STOPS || stopped < STOPS / 20; i++) {
            victims.removeIf(thread -> !thread.isAlive());
            while (victims.size() < 8) {
                victims.add(start(victims.size() % 2 == 0, AsyncStopTest::live));
            }
            Thread victim = victims.get(ThreadLocalRandom.current().nextInt(victims.size()));
            if (AsyncStop.stop(victim, new Stopped(), AsyncStopTest::isProgram) == Outcome.STOPPED) {
                stopped++;
            }
        }
        for (Prober prober : old) {
            prober.probe();
        }
        new Prober(Thread.ofPlatform().daemon()).probe();
        new Prober(Thread.ofVirtual()).probe();
        ENDED.set(true);
        for (Thread victim : victims) {
            victim.interrupt();
            assertTrue(victim.join(LONG), () -> "hangs: " + List.of(victim.getStackTrace()));
        }
    }

    private static final AtomicBoolean ENDED = new AtomicBoolean();
    private static final ReentrantLock LOCK = new ReentrantLock();
    private static final ConcurrentHashMap<Integer, String> MAP = new ConcurrentHashMap<>();

    /** Yields, parks, polls, loads classes, holds locks, computes. */
    private static void live() {
        while (!ENDED.get()) {
            try {
                switch (ThreadLocalRandom.current().nextInt(8)) {
                    case 0 -> Thread.yield();
                    case 1 -> LockSupport.parkNanos(10_000);
                    case 2 -> sink += new Random(1).ints(100_000).sum();
                    case 3 -> new Defining().define();
                    case 4 -> withLock();
                    case 5 -> MAP.merge(ThreadLocalRandom.current().nextInt(1000), "x", (_, _) -> "y");
                    case 6 -> sink += Pattern.compile("(a+)+b").matcher("a".repeat(14)).find() ? 1 : 0;
                    default -> sink += IntStream.range(0, 1000).mapToObj(Integer::toString).sorted().count();
                }
            } catch (Stopped e) {
                sink++;
            }
        }
    }

    private static void withLock() {
        LOCK.lock();
        try {
            sink++;
            Thread.yield();
        } finally {
            LOCK.unlock();
        }
    }

    /** Defines a class, each time in a new loader. */
    private static final class Defining extends ClassLoader {
        Defining() {
            super(AsyncStopTest.class.getClassLoader());
        }

        void define() {
            byte[] bytes =
                    java.lang.classfile.ClassFile.of().build(java.lang.constant.ClassDesc.of("Defined"), _ -> {});
            sink += defineClass("Defined", bytes, 0, bytes.length).getMethods().length;
        }
    }

    /** A thread that, when asked, uses what a stop could have broken. */
    private static final class Prober {
        private final CountDownLatch asked = new CountDownLatch(1);
        private final List<Throwable> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final Thread thread;

        Prober(Thread.Builder builder) {
            thread = builder.start(() -> {
                try {
                    asked.await();
                    use();
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
        }

        private static void use() throws Exception {
            LockSupport.parkNanos(1_000_000);
            Thread.sleep(1);
            assertTrue(LOCK.tryLock(60, TimeUnit.SECONDS));
            LOCK.unlock();
            new Defining().define();
            assertEquals(45, IntStream.range(0, 10).sum());
            assertTrue(Pattern.matches("a+b", "aab"));
            Runnable lambda = () -> sink++;
            lambda.run();
            MAP.merge(1, "x", (a, b) -> a + b);
            var timer = Thread.ofVirtual().start(() -> LockSupport.parkNanos(1_000_000));
            assertTrue(timer.join(LONG));
            try (var server = new ServerSocket(0); var client = new Socket("localhost", server.getLocalPort());
                    var accepted = server.accept()) {
                client.getOutputStream().write(7);
                assertEquals(7, accepted.getInputStream().read());
            }
        }

        void probe() throws InterruptedException {
            asked.countDown();
            assertTrue(thread.join(LONG), () -> "hangs: " + List.of(thread.getStackTrace()));
            assertEquals(List.of(), failures);
        }
    }
}
