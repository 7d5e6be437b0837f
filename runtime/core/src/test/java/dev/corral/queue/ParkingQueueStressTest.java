package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * With real threads: a lost wake-up leaves both sides parked. (The model checker takes every park to end by chance.)
 */
@Tag("stress")
class ParkingQueueStressTest {
    private static final int ROUNDS = 200_000;
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private static int take(ParkingQueue<Integer> queue) {
        Integer element = queue.poll();
        while (element == null) {
            queue.await();
            element = queue.poll();
        }
        return element;
    }

    /** The echo never parks and answers after a random moment, about when the caller looks, finds nothing and parks. */
    @Test
    void shouldLoseNoWakeUpThatComesWhileTheConsumerGoesToPark() throws InterruptedException {
        var ping = new ParkingQueue<Integer>();
        var pong = new ParkingQueue<Integer>();
        Thread echo = Thread.ofPlatform().daemon().start(() -> {
            var random = new SplittableRandom(1);
            for (int i = 0; i < ROUNDS; i++) {
                Integer element = ping.poll();
                while (element == null) {
                    Thread.onSpinWait();
                    element = ping.poll();
                }
                for (int spin = random.nextInt(60); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                pong.offer(element);
            }
        });
        Thread caller = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                ping.offer(i);
                if (take(pong) != i) {
                    throw new AssertionError("round " + i);
                }
            }
        });
        assertTrue(caller.join(DEADLINE), "hangs: a wake-up was lost");
        assertTrue(echo.join(DEADLINE));
    }

    @Test
    void shouldDeliverAllOfManyProducersInOrderOfEach() throws InterruptedException {
        int producers = 4;
        var queue = new ParkingQueue<Integer>();
        List<Thread> threads = IntStream.range(0, producers).mapToObj(p -> Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                queue.offer(p * ROUNDS + i);
            }
        })).toList();
        int[] next = new int[producers];
        Thread consumer = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < producers * ROUNDS; i++) {
                int element = take(queue);
                int producer = element / ROUNDS;
                if (element % ROUNDS != next[producer]++) {
                    throw new AssertionError("out of order");
                }
            }
        });
        assertTrue(consumer.join(DEADLINE), "hangs: a wake-up was lost");
        for (Thread thread : threads) {
            assertTrue(thread.join(DEADLINE));
        }
        assertEquals(List.of(ROUNDS, ROUNDS, ROUNDS, ROUNDS), IntStream.of(next).boxed().toList());
    }
}
