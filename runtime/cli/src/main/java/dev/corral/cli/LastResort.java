package dev.corral.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Halts the JVM at a deadline, whatever delays its orderly end: a shutdown hook that blocks, a standard stream that
 * nobody reads, a full heap. Its thread is started in advance.
 */
final class LastResort implements Runnable {
    private final int code;
    /** The deadline, as of {@link System#nanoTime}; null if there is none. Guarded by the monitor. */
    private @Nullable Long deadline;

    private LastResort(int code) {
        this.code = code;
    }

    /**
     * Starts the thread.
     *
     * @param code the exit code of the JVM
     */
    static LastResort start(int code) {
        var lastResort = new LastResort(code);
        Thread.ofPlatform().daemon().name("corral-last-resort").start(lastResort);
        return lastResort;
    }

    /** Sets a deadline, unless an earlier one is set. Any thread may call this. */
    synchronized void haltAfter(Duration most) {
        long wanted = System.nanoTime() + most.toNanos();
        if (deadline == null || wanted - deadline < 0) {
            deadline = wanted;
            notifyAll();
        }
    }

    @Override
    public void run() {
        awaitDeadline();
        Runtime.getRuntime().halt(code);
    }

    private synchronized boolean isOver() {
        return deadline != null && System.nanoTime() - deadline >= 0;
    }

    private synchronized void awaitDeadline() {
        while (!isOver()) {
            try {
                if (deadline == null) {
                    wait();
                } else {
                    wait(Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
                }
            } catch (InterruptedException e) {
                // nobody interrupts this thread; otherwise it checks the deadline again
            }
        }
    }
}
