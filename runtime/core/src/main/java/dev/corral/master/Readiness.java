package dev.corral.master;

import java.time.Duration;

/** How many workers are ready, and whether more can be; for those who wait for it. Written by the master's thread. */
final class Readiness {
    // Guarded by the monitor.
    private int ready;
    private int slots;
    private int gaveUp;
    private boolean over;
    private boolean closed;

    /**
     * Publishes what holds now.
     *
     * @param slots open ones, those that gave up included
     * @param over whether nothing runs or will run any more, though the cluster is open
     */
    synchronized void publish(int ready, int slots, int gaveUp, boolean over) {
        this.ready = ready;
        this.slots = slots;
        this.gaveUp = gaveUp;
        this.over = over;
        notifyAll();
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized int ready() {
        return ready;
    }

    synchronized int gaveUp() {
        return gaveUp;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** False if the time is up, or it will not come to that. */
    synchronized boolean awaitReady(int workers, Duration deadline) throws InterruptedException {
        long start = System.nanoTime();
        while (ready < workers) {
            boolean unreachable = gaveUp > 0 && slots - gaveUp < workers;
            Duration left = deadline.minusNanos(System.nanoTime() - start);
            if (closed || unreachable || !left.isPositive()) {
                return false;
            }
            wait(Math.clamp(left.toMillis(), 1, 60_000));
        }
        return true;
    }

    /** True for closed, false for over. */
    synchronized boolean awaitClosed() throws InterruptedException {
        while (!closed && !over) {
            wait();
        }
        return closed;
    }
}
