package dev.corral.guard;

import dev.corral.memory.CollectionCounts;
import java.util.concurrent.atomic.AtomicInteger;

/** A heap of 1000 bytes whose figures a test sets. */
final class FakeHeap implements Heap {
    final AtomicInteger collections = new AtomicInteger();
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger askedByRescue = new AtomicInteger();
    final AtomicInteger outOfMemory = new AtomicInteger();
    volatile long usedBytes;
    volatile long collectingNanos;
    /** Whether collections take all of the time. */
    volatile boolean standsStill;
    volatile String reserve = "";

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
