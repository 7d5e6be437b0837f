package dev.corral.guard;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Autopsy;
import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.ExitReason;
import dev.corral.FullLog;
import dev.corral.MemoryPolicy;
import dev.corral.isolate.Isolate;
import dev.corral.memory.CollectionRequests;
import dev.corral.memory.CollectionCounts;
import dev.corral.report.EndedWorker;
import dev.corral.report.Reports;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    /** Of 1000 bytes. */
    private static final class FakeHeap implements Heap {
        private final AtomicInteger collections = new AtomicInteger();
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger askedByRescue = new AtomicInteger();
        private final AtomicInteger outOfMemory = new AtomicInteger();
        private volatile long usedBytes;
        private volatile long collectingNanos;
        /** Whether collections take all of the time. */
        private volatile boolean standsStill;
        private volatile String reserve = "";

        @Override
        public CollectionCounts collections() {
            if (outOfMemory.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("made up");
            }
            return new CollectionCounts(collections.get(), 0, 0, 0, asked.get());
        }

        @Override
        public long usedBytes() {
            if (Thread.currentThread().getName().endsWith("-rescue")) {
                askedByRescue.incrementAndGet();
            }
            return usedBytes;
        }

        @Override
        public long inUseBytes() {
            return usedBytes;
        }

        @Override
        public long oldBytes() {
            return 0;
        }

        @Override
        public long collectingNanos() {
            return standsStill ? System.nanoTime() : collectingNanos;
        }

        @Override
        public long maxBytes() {
            return 1000;
        }

        @Override
        public void holdReserve() {
            reserve = "held";
        }

        @Override
        public void releaseHalfOfReserve() {
            reserve = "half";
        }

        @Override
        public void releaseReserve() {
            reserve = "released";
        }

        @Override
        public void collect(Runnable then) {
            collections.incrementAndGet();
            asked.incrementAndGet();
            then.run();
        }
    }

    private static final class FakeWorker implements GuardedWorker.Figures, Reports {
        private final List<String> told = new CopyOnWriteArrayList<>();
        private volatile long allocated;
        private volatile long live;
        private volatile boolean outOfMemory;
        private volatile boolean hasNoMemoryForDetails;
        private volatile boolean wasAskedForMetaspace;
        private volatile boolean wasAskedForLiveBytes;

        @Override
        public long allocatedBytes(Map<Isolate, List<Thread>> threads) {
            if (outOfMemory) {
                throw new OutOfMemoryError("made up");
            }
            return allocated;
        }

        @Override
        public List<Kept> kept() {
            if (hasNoMemoryForDetails) {
                throw new OutOfMemoryError("made up");
            }
            return List.of();
        }

        @Override
        public List<AllocatedAt> allocatedAt() {
            return List.of();
        }

        @Override
        public void stopCode() {
            told.add("stopped");
        }

        @Override
        public long heldBytes() {
            return live;
        }

        @Override
        public long unseenBytes() {
            return 0;
        }

        @Override
        public OptionalLong liveBytes() {
            wasAskedForLiveBytes = true;
            return OptionalLong.of(live);
        }

        @Override
        public OptionalLong metaspaceBytes() {
            wasAskedForMetaspace = true;
            return OptionalLong.of(20);
        }

        @Override
        public void overMemory(ExitReason.OverMemory reason, boolean now) {
            told.add(reason.limit() + " " + reason.bytes() + (now ? " now" : ""));
        }

        @Override
        public void online() {}

        @Override
        public void listening(InetSocketAddress address) {}

        @Override
        public void readySignalled() {}

        @Override
        public void missed(int missed, Duration silence) {}

        @Override
        public void serving(InetSocketAddress address) {}

        @Override
        public void stalled(int missed, Duration silence) {}

        @Override
        public void stopped() {}

        @Override
        public void moving() {}

        @Override
        public void silent(Autopsy autopsy) {}

        @Override
        public void overThreads(ExitReason.OverThreads reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void leaving() {}

        @Override
        public void exiting(ExitReason reason, boolean halt) {}

        @Override
        public void drained() {}

        @Override
        public void ended(EndedWorker remains) {}
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
        awaitTold(other, "metaspace 20", other.told.size() + 1); // the look under way is over
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

    /** It does not wait for a collection that was asked for, nor for a share to be exceeded. */
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

    /** That it has to go matters more than why. */
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
        var log = new FullLog(); // there is no memory to tell it either
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

    /** No thread has memory, so nothing else would ever change that. */
    @Test
    void shouldHaveTheLargestKilledAndThenAllWhereTheHeapIsFullAndCollectionsTakeAllOfTheTime() {
        watch = watch(POLICY);
        var large = new FakeWorker();
        large.live = 300;
        var small = new FakeWorker();
        small.live = 200;
        add(small, 1);
        add(large, 2);
        heap.usedBytes = 550; // so much that it matters who keeps it
        await().until(() -> heap.reserve.equals("held") && large.wasAskedForLiveBytes && small.wasAskedForLiveBytes);
        var log = new FullLog(); // there is no memory to log it either
        try {
            heap.outOfMemory.set(Integer.MAX_VALUE);
            heap.usedBytes = 990;
            heap.standsStill = true;
            awaitTold(large, "full heap 300 now", 2);
            assertEquals("stopped", large.told.getFirst());
            awaitTold(small, "full heap 200 now", 2); // that did not help
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

    /** Somebody asks for one collection after another, say. */
    @Test
    void shouldStopNobodyWhereCollectionsTakeAllOfTheTimeButLeaveRoom() {
        watch = watch(POLICY);
        var worker = new FakeWorker();
        add(worker, 1);
        heap.usedBytes = 400;
        heap.standsStill = true;
        await().until(() -> heap.askedByRescue.get() >= 3); // it has noticed that they do, and looked whether there is room
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
            System.gc(); // the first one may come before the suspicion
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
