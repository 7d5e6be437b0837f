package dev.corral.thread;

import java.util.concurrent.locks.LockSupport;

/**
 * What a thread of Corral itself does about a failure that it survives: tells it and goes on. An OutOfMemoryError of one worker is one of
 * whoever asks for memory next; so telling may fail as well, and is then left out.
 */
public final class Failures {
    private static final long PAUSE_NANOS = 10_000_000;
    /** The longest pause is the first one doubled this many times: 640 ms. */
    private static final int MOST_DOUBLINGS = 6;

    private Failures() {}

    /** Tells it, if there is memory for that. */
    public static void tell(Log log, String what, Throwable failure) {
        log.failed(what, "", failure);
    }

    /** Likewise, with what it was about. */
    public static void tell(Log log, String what, String about, Throwable failure) {
        log.failed(what, about, failure);
    }

    /** Lets others give back what they have, so that a loop that fails each time does not spin. */
    public static void pause() {
        pause(1);
    }

    /**
     * Pauses before the next attempt, longer after each failure in a row. In a full heap each attempt costs collections, for which all
     * threads wait.
     *
     * @param failures in a row so far; 1 or more
     */
    public static void pause(int failures) {
        LockSupport.parkNanos(PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS));
    }

    /** What {@link #insist} does, for a thread that is to be started: made by whoever starts it, so that it needs no memory itself. */
    public static Runnable insisting(Log log, String what, Runnable action) {
        return () -> insist(log, what, action);
    }

    /** Whether it is an OutOfMemoryError, or comes of one: reflection, for example, wraps it. */
    public static boolean isWantOfMemory(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** Does it, again and again as long as there is no memory for it. */
    public static void insist(Log log, String what, Runnable action) {
        for (int failures = 1;; failures++) {
            try {
                action.run();
                return;
            } catch (OutOfMemoryError e) {
                tell(log, what, e);
                pause(failures);
            }
        }
    }
}
