package dev.corral.thread;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A policy for an action that may find no memory or no thread: the number of attempts, with pauses between them. The
 * JDK reports either by an {@link OutOfMemoryError}. When a worker has filled the heap, the next thread that allocates
 * memory fails, whatever it does. So such a failure of one of Corral's own threads says nothing about what that thread
 * was doing.
 *
 * <p>Immutable and thread-safe.
 */
public final class Retry {
    /** A single attempt. */
    public static final Retry NEVER = atMost(1);
    /** An unlimited number of attempts. */
    public static final Retry UNTIL_DONE = atMost(Integer.MAX_VALUE);

    private static final long PAUSE_NANOS = 10_000_000;
    /** The longest pause is the first one doubled this many times: 640 ms. */
    private static final int MOST_DOUBLINGS = 6;

    private final int attempts;
    private final BooleanSupplier isOver;

    private Retry(int attempts, BooleanSupplier isOver) {
        this.attempts = attempts;
        this.isOver = isOver;
    }

    /** Returns a policy with a limited number of attempts. */
    public static Retry atMost(int attempts) {
        return new Retry(attempts, () -> false);
    }

    /** Returns a policy that makes attempts until the condition holds, and none if it holds already. */
    public static Retry until(BooleanSupplier isOver) {
        return new Retry(Integer.MAX_VALUE, isOver);
    }

    /** An action that may throw an exception of one type. */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        void run() throws X;
    }

    /**
     * Runs the action until it returns or the policy allows no further attempt. The calling thread parks between two
     * attempts; see {@link #pause(int)}. An exception that has another cause than lack of memory is thrown at once.
     *
     * @param log receives the exception of each attempt that has found no memory or no thread; it may find no memory
     *        itself
     * @param action may run again after a part of it was completed, so it must be safe to repeat each part
     * @return whether the action was completed
     * @throws X if the action throws it
     */
    public <X extends Exception> boolean run(Consumer<Throwable> log, Action<X> action) throws X {
        for (int attempt = 1; attempt <= attempts && !isOver.getAsBoolean(); attempt++) {
            try {
                action.run();
                return true;
            } catch (RuntimeException | Error e) {
                if (!isWantOfMemory(e)) {
                    throw e;
                }
                logIfPossible(log, e);
            }
            if (attempt < attempts) {
                pause(attempt);
            }
        }
        return false;
    }

    private static void logIfPossible(Consumer<Throwable> log, Throwable failure) {
        try {
            log.accept(failure);
        } catch (OutOfMemoryError _) {
            // there is no memory for the text either
        }
    }

    /** Whether this is an OutOfMemoryError or has one as its cause; reflection, for example, wraps it. */
    public static boolean isWantOfMemory(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /**
     * Parks the calling thread for 10 ms, so that other threads can release memory, and a loop that keeps failing does
     * not spin.
     */
    public static void pause() {
        pause(1);
    }

    /**
     * Parks the calling thread before the next attempt: 10 ms after the first failure, and twice as long after each
     * further failure, up to 640 ms. In a full heap each attempt causes collections, which stop all threads.
     *
     * @param failures the number of failures in a row so far; 1 or more
     */
    public static void pause(int failures) {
        LockSupport.parkNanos(PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS));
    }
}
