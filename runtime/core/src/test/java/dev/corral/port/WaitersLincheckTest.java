package dev.corral.port;

import dev.corral.testing.Soak;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every interleaving of two that wait and one that brings two things: both get one, so no wake-up is lost. */
@Tag("lincheck")
class WaitersLincheckTest {
    @Test
    void shouldWakeOneForEachThing() {
        Lincheck.runConcurrentTest(Soak.number("corral.interleavings", 250, 2000), () -> {
            var waiters = new Waiters();
            Queue<Integer> brought = new ConcurrentLinkedQueue<>();
            Queue<Integer> taken = new ConcurrentLinkedQueue<>();
            Runnable takes = () -> {
                try {
                    Integer one = waiters.await(brought::poll, () -> false, 0);
                    if (one != null) {
                        taken.add(one);
                    }
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            };
            var first = new Thread(takes);
            var second = new Thread(takes);
            first.start();
            second.start();
            for (int i = 0; i < 2; i++) {
                brought.add(i);
                waiters.wakeOne();
            }
            join(first);
            join(second);
            assertEquals(2, taken.size());
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
