package dev.corral.master;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The number of ready workers, for threads that wait for it. The master's thread publishes it; any thread may read it
 * and wait.
 */
final class Readiness {
    // All fields are guarded by the monitor.
    private int ready;
    private int slots;
    private int gaveUp;
    private boolean over;
    private boolean closed;

    /**
     * Publishes the current numbers.
     *
     * @param ready the number of ready workers
     * @param slots the number of open slots, including those that gave up
     * @param gaveUp the number of slots that gave up
     * @param over whether no worker runs or will run, although the cluster is open
     */
    synchronized void publish(int ready, int slots, int gaveUp, boolean over) {
        this.ready = ready;
        this.slots = slots;
        this.gaveUp = gaveUp;
        this.over = over;
        notifyAll();
    }

    /** Releases the threads that wait: the cluster is closed. */
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

    /**
     * Waits until at least this number of workers is ready.
     *
     * @return false if the deadline has passed, the cluster was closed, or too few slots are left
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    synchronized boolean awaitReady(int workers, Duration deadline) throws InterruptedException {
        long start = System.nanoTime();
        long most = TimeUnit.NANOSECONDS.convert(deadline); // without an overflow
        while (ready < workers) {
            boolean unreachable = gaveUp > 0 && slots - gaveUp < workers;
            long left = most - (System.nanoTime() - start);
            if (closed || unreachable || left <= 0) {
                return false;
            }
            wait(Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, 60_000));
        }
        return true;
    }

    /**
     * Waits until the cluster is closed, or no worker runs or will run.
     *
     * @return whether the cluster is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    synchronized boolean awaitClosed() throws InterruptedException {
        while (!closed && !over) {
            wait();
        }
        return closed;
    }
}
