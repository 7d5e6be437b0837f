package dev.corral.queue;

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
        Lincheck.runConcurrentTest(2000, () -> {
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

    private static void pollTwice(RunQueue<Integer> queue, List<Integer> polled) {
        for (int i = 0; i < 2; i++) {
            Integer element = queue.poll();
            if (element != null) {
                polled.add(element);
            }
        }
    }

    /** A wake-up that is lost leaves the consumer parked for ever, which the model checker reports as a deadlock. */
    @Test
    void shouldLoseNoWakeUp() {
        Lincheck.runConcurrentTest(2000, () -> {
            var queue = new ParkingQueue<Integer>();
            var first = new Thread(() -> queue.offer(1));
            var second = new Thread(() -> queue.offer(1));
            first.start();
            second.start();
            int sum = 0;
            while (sum < 2) {
                Integer element = queue.poll();
                if (element == null) {
                    queue.await();
                } else {
                    sum += element;
                }
            }
            join(first);
            join(second);
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
