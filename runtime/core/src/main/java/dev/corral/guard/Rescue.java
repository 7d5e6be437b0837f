package dev.corral.guard;

import dev.corral.memory.Standstill;
import dev.corral.port.Admission;
import dev.corral.thread.ServiceThread;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes room in a heap that is full, where each allocation fails and no other thread of Corral makes progress. It stops
 * the code of the worker that keeps most, releases half of the reserve, and has that worker killed. If the heap is
 * still full a moment later, it does the same with all other workers and the rest of the reserve. All of them are
 * started again, which is better than a standstill.
 *
 * <p>It has a thread of its own, which checks every {@link #LOOK_NANOS} whether collections take most of the time. This
 * check takes no memory and waits for no lock. In particular it does not call {@link Runtime#freeMemory}, which waits
 * for the lock of the heap. The commands to the master take memory, so they are given after the reserve was released.
 * If there is no memory for them even then, the next attempt follows at the next check.
 */
final class Rescue {
    private static final long LOOK_NANOS = 100_000_000;
    /** A collection has found no room if it leaves at least this part of the heap in use. */
    private static final double FULL = 0.95;
    /** The time from one attempt to the next, in which a worker can end and the heap can be collected. */
    private static final long NEXT_NANOS = 500_000_000;
    /** After this long without a full heap, the next attempt is a first one again. */
    private static final long OVER_NANOS = 5_000_000_000L;
    /** New connections are held for this long after each attempt. */
    private static final Duration HOLD = Duration.ofMillis(500);

    /** The workers of a cluster. */
    interface Scene {
        /** Returns whether the cluster has been closed. */
        boolean isOver();

        /** Returns the workers that may be ended. Allocates nothing. */
        GuardedWorker[] workers();
    }

    private final Heap heap;
    private final Scene scene;
    private final ServiceThread thread;

    // Owned by the thread.

    private final Standstill standstill = new Standstill();
    private boolean hasBegun;
    /** When the last attempt was made. */
    private long lastNanos;
    /** The next attempt may be made from then on. */
    private long nextNanos = System.nanoTime();

    Rescue(String cluster, Heap heap, Scene scene) {
        this.heap = heap;
        this.scene = scene;
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-rescue", this::run);
    }

    void startSoon() {
        thread.startSoon();
    }

    void wake() {
        thread.wake();
    }

    private void run() {
        while (!scene.isOver()) {
            thread.busy();
            check(System.nanoTime());
            thread.idle();
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
    }

    private void check(long now) {
        boolean isStill = standstill.check(now, heap.collectingNanos());
        if (!isStill || now - nextNanos < 0 || !isFull()) {
            return;
        }
        boolean isFirst = !hasBegun || now - lastNanos >= OVER_NANOS;
        hasBegun = true;
        lastNanos = now;
        nextNanos = now + NEXT_NANOS;
        Admission.holdFor(HOLD);
        GuardedWorker[] workers = scene.workers();
        if (workers.length == 0) {
            heap.releaseReserve();
            return;
        }
        GuardedWorker largest = largest(workers);
        for (GuardedWorker each : workers) {
            if (each == largest || !isFirst) {
                each.stopCode(); // before the release, because the worker's threads would use the reserve
            }
        }
        if (isFirst) {
            heap.releaseHalfOfReserve();
        } else {
            heap.releaseReserve();
        }
        for (GuardedWorker each : workers) {
            if (each == largest || !isFirst) {
                end(each);
            }
        }
    }

    /**
     * Returns whether the last collection has found no room. This check takes memory; if there is none, the heap is
     * full.
     */
    private boolean isFull() {
        try {
            return heap.usedBytes() >= FULL * heap.maxBytes();
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    private void end(GuardedWorker worker) {
        try {
            worker.end();
        } catch (OutOfMemoryError e) { // other threads have used the reserve
            nextNanos = lastNanos;
        }
    }

    private static GuardedWorker largest(GuardedWorker[] workers) {
        GuardedWorker largest = workers[0];
        for (GuardedWorker each : workers) {
            if (each.heldBytes() > largest.heldBytes()) {
                largest = each;
            }
        }
        return largest;
    }
}
