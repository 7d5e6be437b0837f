package dev.corral.port;

import dev.corral.testing.Soak;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of an acceptor, a worker that polls, and the end of the worker: nothing is lost, nothing comes
 * twice.
 */
@Tag("lincheck")
class HandoffLincheckTest {
    @Test
    void shouldNeitherLoseNorCopy() {
        Lincheck.runConcurrentTest(Soak.number("corral.interleavings", 250, 2000), () -> {
            var out = new ConcurrentLinkedQueue<Integer>();
            var handoff = new Handoff<Integer>(2, out::add);
            List<Integer> refused = new ArrayList<>();
            var acceptor = new Thread(() -> {
                for (int i = 1; i <= 3; i++) {
                    if (!handoff.offer(i)) {
                        refused.add(i);
                    }
                }
            });
            var worker = new Thread(() -> {
                for (int i = 0; i < 2; i++) {
                    Integer polled = handoff.poll();
                    if (polled != null) {
                        out.add(polled);
                    }
                }
            });
            acceptor.start();
            worker.start();
            handoff.close();
            join(acceptor);
            join(worker);
            List<Integer> all = new ArrayList<>(out);
            all.addAll(refused);
            all.sort(null);
            assertEquals(List.of(1, 2, 3), all);
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
