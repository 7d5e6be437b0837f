package dev.corral.master;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.WorkerStats.Heartbeat;
import dev.corral.WorkerStats.Traffic;
import dev.corral.WorkerStats.Memory;
import dev.corral.WorkerStats.Cpu;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.FullLog;
import dev.corral.Subscription;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventThreadTest {
    private final FakeClock clock = new FakeClock();
    private final EventThread events = new EventThread("test", clock);
    private final List<Integer> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @BeforeEach
    void start() {
        events.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        events.stop();
    }

    /** An event with a number. */
    private static ClusterEvent event(int number) {
        var stats = new WorkerStats(1, number, WorkerState.EXITED, Duration.ZERO, Cpu.NONE, Memory.NONE, Traffic.NONE,
                Heartbeat.NONE, 0);
        var exit = new Exit(1, number, 0, new ExitReason.OnRequest(), Duration.ZERO, stats, List.of(), List.of(),
                List.of());
        return new ClusterEvent.GaveUp(Instant.EPOCH, number, 0, Duration.ofSeconds(1), exit);
    }

    private static int number(ClusterEvent event) {
        return ((ClusterEvent.GaveUp) event).slot();
    }

    private void publish(int from, int to) {
        IntStream.range(from, to).forEach(i -> events.publish(event(i)));
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void shouldDeliverInOrderByType() {
        events.listen(ClusterEvent.GaveUp.class, e -> heard.add(number(e)));
        events.listen(ClusterEvent.Ready.class, _ -> heard.add(-1));
        publish(0, 1000);
        await().untilAsserted(() -> assertEquals(numbers(0, 1000), heard));
    }

    @Test
    void shouldDeliverNothingAfterTheRegistrationIsClosed() {
        Subscription subscription = events.listen(ClusterEvent.class, e -> heard.add(number(e)));
        publish(0, 1);
        await().until(() -> heard.size() == 1);
        subscription.close();
        subscription.close();
        var other = new CopyOnWriteArrayList<Integer>();
        events.listen(ClusterEvent.class, e -> other.add(number(e)));
        publish(1, 2);
        await().until(() -> other.size() == 1);
        assertEquals(List.of(0), heard);
    }

    @Test
    void shouldGoOnAfterAListenerThatThrowsWhateverItIs() {
        events.listen(ClusterEvent.class, _ -> sneak(new java.io.IOException("checked")));
        events.listen(ClusterEvent.class, _ -> {
            throw new StackOverflowError();
        });
        events.listen(ClusterEvent.class, e -> heard.add(number(e)));
        publish(0, 3);
        await().untilAsserted(() -> assertEquals(numbers(0, 3), heard));
    }

    @Test
    void shouldGoOnWhereThereIsNoMemoryNotEvenToTellIt() {
        var log = new FullLog();
        try {
            events.listen(ClusterEvent.class, _ -> {
                throw new OutOfMemoryError("made up");
            });
            events.listen(ClusterEvent.class, e -> heard.add(number(e)));
            publish(0, 3);
            await().untilAsserted(() -> assertEquals(numbers(0, 3), heard));
        } finally {
            log.close();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void shouldLeaveABlockingListenerBehindAndGiveItItsEventsInOrderLater() throws Exception {
        var slow = new CopyOnWriteArrayList<Integer>();
        var blocked = new CountDownLatch(1);
        events.listen(ClusterEvent.class, e -> {
            if (number(e) == 1) {
                blocked.countDown();
                awaitQuietly(release);
            }
            slow.add(number(e));
        });
        events.listen(ClusterEvent.class, e -> heard.add(number(e)));
        publish(0, 5);
        blocked.await();
        events.relieve(); // not yet
        publish(5, 10);
        assertEquals(List.of(0), heard);
        clock.advance(EventThread.PATIENCE);
        events.relieve();
        await().untilAsserted(() -> assertEquals(numbers(0, 10), heard));
        assertEquals(List.of(0), slow);
        release.countDown();
        await().untilAsserted(() -> assertEquals(numbers(0, 10), slow));
        publish(10, 20);
        await().untilAsserted(() -> assertEquals(numbers(0, 20), slow));
        await().untilAsserted(() -> assertEquals(numbers(0, 20), heard));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldBoundWhatWaitsForABlockedListener() throws Exception {
        var slow = new CopyOnWriteArrayList<Integer>();
        var blocked = new CountDownLatch(1);
        events.listen(ClusterEvent.class, e -> {
            blocked.countDown();
            awaitQuietly(release);
            slow.add(number(e));
        });
        publish(0, 1);
        blocked.await();
        clock.advance(EventThread.PATIENCE);
        events.relieve();
        publish(1, EventThread.BACKLOG + 500);
        var passed = new CompletableFuture<Void>();
        events.complete(() -> passed.complete(null));
        passed.get();
        release.countDown();
        await().untilAsserted(() -> assertEquals(EventThread.BACKLOG + 1, slow.size()));
        assertEquals(numbers(0, EventThread.BACKLOG + 1), slow);
    }

    @Test
    void shouldCompleteFuturesOnTheEventThreadAlsoBehindABlockedListener() throws Exception {
        var blocked = new CountDownLatch(1);
        events.complete(() -> {
            blocked.countDown();
            awaitQuietly(release);
        });
        blocked.await();
        var future = new CompletableFuture<Boolean>();
        events.complete(() -> future.complete(events.isCurrent()));
        clock.advance(EventThread.PATIENCE);
        events.relieve();
        assertTrue(future.get());
        assertFalse(events.isCurrent());
    }

    /**
     * The race between a call that returns and the master that loses its patience: nothing is lost, nothing overtakes.
     */
    @Test
    void shouldLoseNothingWhenACallReturnsAtTheMomentOfRelief() {
        var slow = new CopyOnWriteArrayList<Integer>();
        events.listen(ClusterEvent.class, e -> {
            clock.advance(EventThread.PATIENCE);
            slow.add(number(e));
        });
        events.listen(ClusterEvent.class, e -> heard.add(number(e)));
        for (int i = 0; i < 2000; i++) {
            publish(i, i + 1);
            events.relieve();
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            events.relieve();
            assertEquals(2000, slow.size());
        });
        assertEquals(numbers(0, 2000), slow);
        await().untilAsserted(() -> assertEquals(numbers(0, 2000), heard));
    }
}
