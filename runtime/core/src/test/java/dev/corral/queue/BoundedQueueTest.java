package dev.corral.queue;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.queue.BoundedQueue.Outcome;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedQueueTest {
    private final BoundedQueue<Integer> queue = new BoundedQueue<>(2);

    private static <T> CompletableFuture<T> async(Callable<T> action) {
        var result = new CompletableFuture<T>();
        Thread.ofVirtual().name("producer").start(() -> {
            try {
                result.complete(action.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void fill() {
        assertTrue(queue.offer(1));
        assertTrue(queue.offer(2));
    }

    @Test
    void shouldRefuseWhatItHasNoRoomFor() {
        fill();
        assertFalse(queue.offer(3));
        assertEquals(2, queue.size());
        assertEquals(1, queue.poll());
        assertTrue(queue.offer(3));
        assertEquals(2, queue.poll());
        assertEquals(3, queue.poll());
        assertNull(queue.poll());
    }

    @Test
    void shouldLetAProducerWaitForRoom() {
        fill();
        CompletableFuture<Outcome> put = async(() -> queue.put(3));
        await().until(() -> drainTo(3));
        assertEquals(Outcome.TAKEN, put.join());
    }

    /** As a consumer does: polls on while there is something. */
    private boolean drainTo(int last) {
        Integer element = queue.poll();
        while (element != null && element != last) {
            element = queue.poll();
        }
        return element != null;
    }

    @Test
    void shouldWaitNoLongerThanItIsTold() throws InterruptedException {
        fill();
        assertEquals(Outcome.TIMED_OUT, queue.put(3, TimeUnit.MILLISECONDS.toNanos(5)));
        assertEquals(List.of(1, 2), queue.close());
    }

    @Test
    void shouldGiveBackWhatIsInItWhenClosed() throws InterruptedException {
        fill();
        assertEquals(1, queue.poll());
        assertEquals(List.of(2), queue.close());
        assertEquals(List.of(2), queue.close(), "the same again, for one who has failed with it");
        assertTrue(queue.isClosed());
        assertFalse(queue.offer(3));
        assertEquals(Outcome.CLOSED, queue.put(3));
        assertNull(queue.poll());
        assertEquals(0, queue.size());
    }

    @Test
    void shouldTellThoseWhoWaitThatItIsClosed() {
        fill();
        CompletableFuture<Outcome> put = async(() -> queue.put(3));
        CompletableFuture<Boolean> consumer = async(() -> {
            while (!queue.isClosed()) {
                queue.await();
            }
            return true;
        });
        assertEquals(List.of(1, 2), queue.close());
        assertEquals(Outcome.CLOSED, put.join());
        assertTrue(consumer.join());
    }

    @Test
    void shouldEndAWaitByAnInterrupt() {
        fill();
        var thread = new CompletableFuture<Thread>();
        CompletableFuture<Outcome> put = async(() -> {
            thread.complete(Thread.currentThread());
            return queue.put(3);
        });
        thread.join().interrupt();
        assertInstanceOf(InterruptedException.class,
                put.handle((_, e) -> e instanceof CompletionException c ? c.getCause() : e).join());
        assertEquals(List.of(1, 2), queue.close());
    }
}
