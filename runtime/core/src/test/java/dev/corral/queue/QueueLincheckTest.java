package dev.corral.queue;

import dev.corral.testing.Soak;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Model checks of the queues: every interleaving of a few threads. */
@Tag("lincheck")
class QueueLincheckTest {
    /** The queue below is for one consumer only; two carriers poll it while one takes over from the other. */
    @Test
    void shouldGiveEachElementToOneOfTwoConsumers() {
        Lincheck.runConcurrentTest(Soak.number("corral.interleavings", 250, 2000), () -> {
            var queue = new RunQueue<Integer>();
            var polled = new CopyOnWriteArrayList<Integer>();
            var producer = new Thread(() -> {
                queue.offer(1);
                queue.offer(2);
            });
            var consumer = new Thread(() -> pollTwice(queue, polled));
            producer.start();
            consumer.start();
            pollTwice(queue, polled);
            join(producer);
            join(consumer);
            for (Integer left = queue.poll(); left != null; left = queue.poll()) {
                polled.add(left);
            }
            assertEquals(List.of(1, 2), polled.stream().sorted().toList());
        });
    }

    /** What a producer is told is taken is either polled or given back; what it is told is refused is neither. */
    @Test
    void shouldAccountForEachElementOfAQueueThatIsClosed() {
        Lincheck.runConcurrentTest(Soak.number("corral.interleavings.close", 60, 500), () -> {
            var queue = new BoundedQueue<Integer>(2);
            var taken = new CopyOnWriteArrayList<Integer>();
            var had = new CopyOnWriteArrayList<Integer>();
            var producer = new Thread(() -> {
                for (int i = 1; i <= 2; i++) {
                    if (queue.offer(i)) {
                        taken.add(i);
                    }
                }
            });
            var consumer = new Thread(() -> {
                Integer element = queue.poll();
                if (element != null) {
                    had.add(element);
                }
            });
            producer.start();
            consumer.start();
            List<Integer> left = queue.close();
            join(producer);
            join(consumer);
            had.addAll(left);
            assertEquals(taken.stream().sorted().toList(), had.stream().sorted().toList());
        });
    }

    private static void pollTwice(RunQueue<Integer> queue, List<Integer> polled) {
        for (int i = 0; i < 2; i++) {
            Integer element = queue.poll();
            if (element != null) {
                polled.add(element);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
