package dev.corral.guard;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.FullLog;
import dev.corral.MemoryPolicy;
import dev.corral.memory.CollectionCounts;
import dev.corral.memory.CollectionRequests;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread that guards the memory of workers: whom it reports, and what it does when there is no memory left. */
class MemoryGuardTest {
    private static final MemoryPolicy POLICY = MemoryPolicy.DEFAULT.withPeriod(Duration.ofMillis(5));
    private static final MemoryPolicy NO_PRESSURE = POLICY.withHeapPressure(1);

    private final FakeHeap heap = new FakeHeap();
    private MemoryGuard watch = watch(NO_PRESSURE);

    private MemoryGuard watch(MemoryPolicy policy) {
        return new MemoryGuard("test", policy, heap, new CollectionRequests());
    }

    @AfterEach
    void close() {
        watch.close();
    }

    private GuardedWorker add(FakeWorker worker, int id) {
        return watch.add(id, worker, worker);
    }

    private void addReady(FakeWorker worker, int id) {
        add(worker, id).limit(true);
    }

    private static void awaitTold(FakeWorker worker, String what, int times) {
        await().until(() -> worker.told.stream().filter(what::equals).count() >= times);
    }

    @Test
    void shouldTellOfAWorkerOverItsLimitAgainAndAgain() {
        watch = watch(NO_PRESSURE.withMaxAllocated(100));
        var over = new FakeWorker();
        over.allocated = 101;
        var within = new FakeWorker();
        within.allocated = 89;
        addReady(within, 1);
        addReady(over, 2);
        awaitTold(over, "allocated 101", 3);
        assertEquals(List.of(), within.told);
        assertFalse(over.wasAskedForMetaspace);
    }

    @Test
    void shouldHoldNobodyToLimitsUnlessItIsReadyNorAfterItIsGone() {
        watch = watch(NO_PRESSURE.withMaxMetaspace(10));
        var starting = new FakeWorker();
        var other = new FakeWorker();
        GuardedWorker guarded = add(starting, 1);
        addReady(other, 2);
        awaitTold(other, "metaspace 20", 3);
        assertEquals(List.of(), starting.told);
        guarded.limit(true);
        awaitTold(starting, "metaspace 20", 1);
        watch.remove(guarded);
        awaitTold(other, "metaspace 20", other.told.size() + 1); // the check that was running has ended
        int before = starting.told.size();
        awaitTold(other, "metaspace 20", other.told.size() + 2);
        assertEquals(before, starting.told.size());
    }

    @Test
    void shouldHaveTheHeapCollectedBeforeItCallsBytesLive() {
        watch = watch(NO_PRESSURE.withMaxLive(100));
        var worker = new FakeWorker();
        worker.live = 101;
        addReady(worker, 1);
        awaitTold(worker, "live 101", 1);
        assertEquals(1, heap.asked.get());
    }

    @Test
    void shouldRecycleAndThenKillUnderPressureEvenOneThatDrains() {
        watch = watch(POLICY.withPeriod(Duration.ofMinutes(1)));
        var worker = new FakeWorker();
        worker.live = 950;
        heap.usedBytes = 990;
        add(worker, 1);
        watch.wake();
        await().until(() -> {
            watch.wake();
            return !worker.told.isEmpty();
        });
        assertEquals(List.of("heap pressure 950"), worker.told);
        assertEquals(1, heap.asked.get());
        heap.collections.incrementAndGet();
        watch.wake();
        awaitTold(worker, "heap pressure 950 now", 1);
    }

    /** The guard waits neither for a collection nor until a worker exceeds its share. */
    @Test
    void shouldTellOfOneOverItsLimitAtOnceWhereTheHeapIsShort() {
        watch = watch(POLICY.withMaxLive(100).withPeriod(Duration.ofMinutes(1)));
        var worker = new FakeWorker();
        worker.live = 101;
        var within = new FakeWorker();
        within.live = 100;
        heap.usedBytes = 990;
        addReady(within, 1);
        addReady(worker, 2);
        await().until(() -> {
            watch.wake();
            return worker.told.contains("live 101 now");
        });
        assertEquals(List.of(), within.told);
    }

    /** The end of the worker is more important than the details of the reason. */
    @Test
    void shouldTellWithoutDetailsWhereThereIsNoMemoryForThem() {
        watch = watch(NO_PRESSURE.withMaxAllocated(100));
        var over = new FakeWorker();
        over.allocated = 101;
        over.hasNoMemoryForDetails = true;
        addReady(over, 1);
        awaitTold(over, "allocated 101", 1);
    }

    @Test
    void shouldGoOnWithTheOthersAndTheNextTimeWhenThereIsNoMemory() {
        watch = watch(NO_PRESSURE.withMaxAllocated(100));
        var failing = new FakeWorker();
        failing.outOfMemory = true;
        var over = new FakeWorker();
        over.allocated = 101;
        var log = new FullLog(); // there is no memory to log either
        try {
            heap.outOfMemory.set(3);
            addReady(failing, 1);
            addReady(over, 2);
            awaitTold(over, "allocated 101", 3);
            assertEquals(0, heap.outOfMemory.get());
        } finally {
            log.close();
        }
    }

    /** No thread can allocate, so the situation would never end without the guard. */
    @Test
    void shouldHaveTheLargestKilledAndThenAllWhereTheHeapIsFullAndCollectionsTakeAllOfTheTime() {
        watch = watch(POLICY);
        var large = new FakeWorker();
        large.live = 300;
        var small = new FakeWorker();
        small.live = 200;
        add(small, 1);
        add(large, 2);
        heap.usedBytes = 550; // enough that the guard must know which worker keeps it
        await().until(() -> heap.reserve.equals("held") && large.wasAskedForLiveBytes && small.wasAskedForLiveBytes);
        var log = new FullLog(); // there is no memory to log either
        try {
            heap.outOfMemory.set(Integer.MAX_VALUE);
            heap.usedBytes = 990;
            heap.standsStill = true;
            awaitTold(large, "full heap 300 now", 2);
            assertEquals("stopped", large.told.getFirst());
            awaitTold(small, "full heap 200 now", 2); // because the first kill has freed nothing
            assertEquals("stopped", small.told.getFirst());
            assertEquals("released", heap.reserve);
            heap.standsStill = false;
            heap.usedBytes = 550;
            heap.outOfMemory.set(0);
            await().until(() -> heap.reserve.equals("held"));
        } finally {
            log.close();
        }
    }

    /** For example, a program requests one collection after another. */
    @Test
    void shouldStopNobodyWhereCollectionsTakeAllOfTheTimeButLeaveRoom() {
        watch = watch(POLICY);
        var worker = new FakeWorker();
        add(worker, 1);
        heap.usedBytes = 400;
        heap.standsStill = true;
        await().until(() -> heap.askedByRescue.get() >= 3); // it has detected the collections, and checked whether there is room
        assertEquals(List.of(), worker.told);
        assertEquals("held", heap.reserve);
    }

    @Test
    void shouldLookAfterEachCollectionOfTheRealHeap() {
        watch = new MemoryGuard("test", NO_PRESSURE.withMaxLive(1).withPeriod(Duration.ofHours(1)));
        var worker = new FakeWorker();
        worker.live = 2;
        addReady(worker, 1);
        await().until(() -> {
            System.gc(); // the first collection may come before the guard suspects the worker
            return worker.told.contains("live 2");
        });
    }

    @Test
    void shouldKnowTheRealHeap() throws Exception {
        var real = new JvmHeap();
        CollectionCounts before = real.collections();
        var collected = new CountDownLatch(1);
        real.collect(collected::countDown);
        collected.await();
        assertTrue(real.collections().haveSeenAllSince(before));
        assertTrue(real.usedBytes() > 0 && real.usedBytes() < real.maxBytes(),
                real.usedBytes() + " of " + real.maxBytes());
    }

    @Test
    void shouldEndItsThread() {
        watch = watch(NO_PRESSURE.withMaxAllocated(100));
        addReady(new FakeWorker(), 1);
        await().until(() -> threads("test") == 1);
        watch.close();
        await().until(() -> threads("test") == 0);
    }

    @Test
    void shouldNeedNoThreadWhereNothingIsToBeGuarded() {
        watch = new MemoryGuard("unguarded", NO_PRESSURE, heap, new CollectionRequests());
        addReady(new FakeWorker(), 1);
        assertEquals(0, threads("unguarded"), "the threads of other tests may not have ended yet");
    }

    private static long threads(String cluster) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("corral-" + cluster + "-memory")).count();
    }
}
