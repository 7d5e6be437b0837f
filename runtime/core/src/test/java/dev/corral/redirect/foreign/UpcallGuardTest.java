package dev.corral.redirect.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Failure;
import dev.corral.WorkerKilled;
import dev.corral.redirect.exit.FailurePrinter;
import dev.corral.redirect.exit.RecentFailures;
import dev.corral.redirect.exit.UncaughtExceptions;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Tag("c2")
class UpcallGuardTest {
    private final ConcurrentLinkedQueue<Failure> crashes = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;
    private final UncaughtExceptions uncaught = new UncaughtExceptions(() -> ending,
            new FailurePrinter("test#1", () -> new PrintStream(OutputStream.nullOutputStream()), Thread::getName,
                    new RecentFailures()),
            crashes::add, false);
    private final UpcallGuard guard = new UpcallGuard(new ThreadGroup("worker"), uncaught);

    private MethodHandle throwing(Class<?> returned, Throwable thrown) {
        MethodHandle target = MethodHandles.dropArguments(
                MethodHandles.throwException(returned, Throwable.class).bindTo(thrown), 0, int.class,
                MemorySegment.class);
        return guard.around(target);
    }

    @ParameterizedTest
    @ValueSource(classes = {void.class, boolean.class, byte.class, char.class, short.class, int.class, long.class,
            float.class, double.class})
    void shouldReturnZeroToTheNativeCallerOfACondemnedWorker(Class<?> returned) throws Throwable {
        ending = true;
        MethodHandle guarded = throwing(returned, new WorkerKilled("w"));
        assertEquals(MethodType.methodType(returned, int.class, MemorySegment.class), guarded.type());
        Object zero = guarded.invoke(1, MemorySegment.NULL);
        assertEquals(MethodHandles.zero(returned).invoke(), zero);
        assertEquals(zero, UpcallGuard.nothing(guarded.type()).invoke(1, MemorySegment.NULL));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, -7})
    void shouldReturnWhatTheProgramReturns(int value) throws Throwable {
        assertEquals(value, (int) guard.around(MethodHandles.constant(int.class, value)).invoke());
    }

    @Test
    void shouldNeverReturnWhereAnAddressIsWanted() throws Exception {
        ending = true;
        awaitHeld(throwing(MemorySegment.class, new WorkerKilled("w")));
        awaitHeld(UpcallGuard.nothing(MethodType.methodType(MemorySegment.class, int.class, MemorySegment.class)));
    }

    /** It takes no interrupt for a reason to go on. */
    private static void awaitHeld(MethodHandle upcall) throws InterruptedException {
        Thread thread = Thread.ofPlatform().daemon().start(() -> call(upcall));
        for (int i = 0; i < 3; i++) {
            while (thread.getState() != Thread.State.WAITING) {
                assertTrue(thread.isAlive());
                Thread.onSpinWait();
            }
            thread.interrupt();
        }
    }

    private static void call(MethodHandle upcall) {
        try {
            upcall.invoke(1, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldHoldNativeCodeThatCallsForEver() throws Exception {
        ending = true;
        MethodHandle guarded = throwing(int.class, new WorkerKilled("w"));
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            while (true) {
                call(guarded);
            }
        });
        while (thread.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
    }

    @Test
    void shouldEndTheWorkerWhoseUpcallThrowsAndReturnOnceItIsCondemned() throws Exception {
        var returned = new CountDownLatch(1);
        MethodHandle guarded = throwing(int.class, new IllegalStateException("boom"));
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            call(guarded);
            returned.countDown();
        });
        while (crashes.isEmpty()) {
            Thread.sleep(1);
        }
        assertTrue(crashes.element().toString().contains("boom"));
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.sleep(1);
        }
        assertEquals(1, returned.getCount());
        ending = true;
        returned.await();
        assertEquals(1, crashes.size());
    }
}
