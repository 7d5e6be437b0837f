package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.queue.BoundedQueue.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * With real threads: lost wake-ups leave everybody parked, and a queue that is closed at any moment loses and doubles
 * nothing.
 */
@Tag("stress")
class BoundedQueueStressTest {
    private static final int PRODUCERS = 3;
    private static final int EACH = 50_000;
    private static final int CLOSINGS = 2_000;
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Callable<List<Integer>> consumer(BoundedQueue<Integer> queue, int count) {
        return () -> {
            List<Integer> taken = new ArrayList<>();
            while (taken.size() < count) {
                Integer element = queue.poll();
                if (element != null) {
                    taken.add(element);
                } else if (queue.isClosed()) {
                    return taken;
                } else {
                    queue.await();
                }
            }
            return taken;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 1024})
    void shouldTakeAllOfManyProducersInOrderOfEach(int capacity) throws Exception {
        var queue = new BoundedQueue<Integer>(capacity);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            Future<List<Integer>> taken = threads.submit(consumer(queue, PRODUCERS * EACH));
            for (int p = 0; p < PRODUCERS; p++) {
                int first = p * EACH;
                threads.submit(() -> {
                    for (int i = 0; i < EACH; i++) {
                        queue.put(first + i);
                    }
                    return true;
                });
            }
            int[] next = new int[PRODUCERS];
            for (int element : get(taken)) {
                assertEquals(next[element / EACH]++, element % EACH);
            }
            assertEquals(EACH, next[0]);
        }
    }

    /** Of what producers were told is taken, each is either at the consumer or given back, once; nothing else is. */
    @Test
    void shouldAccountForEachElementWhenClosed() throws Exception {
        var random = new SplittableRandom(1);
        try (ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory())) {
            for (int round = 0; round < CLOSINGS; round++) {
                var queue = new BoundedQueue<Integer>(1 << (1 + random.nextInt(5)));
                Future<List<Integer>> taken = threads.submit(consumer(queue, Integer.MAX_VALUE));
                List<Future<List<Integer>>> sent = new ArrayList<>();
                for (int p = 0; p < 2; p++) {
                    int first = p * EACH;
                    sent.add(threads.submit(() -> produce(queue, first)));
                }
                for (int spin = random.nextInt(20_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                List<Integer> left = queue.close();
                List<Integer> had = new ArrayList<>(get(taken));
                had.addAll(left);
                List<Integer> told = new ArrayList<>();
                for (Future<List<Integer>> each : sent) {
                    told.addAll(get(each));
                }
                assertEquals(told.stream().sorted().toList(), had.stream().sorted().toList(), "round " + round);
                assertTrue(left.size() <= 64);
            }
        }
    }

    private static List<Integer> produce(BoundedQueue<Integer> queue, int first) throws InterruptedException {
        List<Integer> taken = new ArrayList<>();
        for (int i = first; queue.put(i) == Outcome.TAKEN; i++) {
            taken.add(i);
        }
        return taken;
    }
}
