package dev.corral.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Halts the JVM at a deadline, whatever holds up its orderly end: a shutdown hook that blocks, a standard stream that nobody reads, a
 * heap that is full. Its thread is started before there is a need for it.
 */
final class LastResort implements Runnable {
    private final int code;
    /** By {@link System#nanoTime}; null while the JVM may live. Guarded by the monitor. */
    private @Nullable Long deadline;

    private LastResort(int code) {
        this.code = code;
    }

    /**
     * Starts the thread.
     *
     * @param code with which the JVM ends
     */
    static LastResort start(int code) {
        var lastResort = new LastResort(code);
        Thread.ofPlatform().daemon().name("corral-last-resort").start(lastResort);
        return lastResort;
    }

    /** Sets the deadline, or an earlier one; any thread. */
    synchronized void haltAfter(Duration most) {
        long wanted = System.nanoTime() + most.toNanos();
        if (deadline == null || wanted - deadline < 0) {
            deadline = wanted;
            notifyAll();
        }
    }

    @Override
    public void run() {
        while (!isOver()) {
            await();
        }
        Runtime.getRuntime().halt(code);
    }

    private synchronized boolean isOver() {
        return deadline != null && System.nanoTime() - deadline >= 0;
    }

    private synchronized void await() {
        try {
            if (deadline == null) {
                wait();
            } else {
                wait(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            }
        } catch (InterruptedException e) {
            // nobody interrupts it; if somebody does, it looks again
        }
    }
}
