package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With real threads: a lost wake-up leaves both sides parked. (The model checker takes every park to end by chance.) */
@Tag("stress")
class ParkingQueueStressTest {
    private static final int ROUNDS = 100_000;
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private static int take(ParkingQueue<Integer> queue) {
        Integer element = queue.poll();
        while (element == null) {
            queue.await();
            element = queue.poll();
        }
        return element;
    }

    /** Each side looks, finds nothing and parks while the other one answers: the race of every round. */
    @Test
    void shouldLoseNoWakeUpInPingPong() throws InterruptedException {
        var ping = new ParkingQueue<Integer>();
        var pong = new ParkingQueue<Integer>();
        Thread echo = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                pong.offer(take(ping));
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
