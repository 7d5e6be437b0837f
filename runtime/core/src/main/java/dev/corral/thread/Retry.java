package dev.corral.thread;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A policy for an action that may find no memory or no thread: how often it is tried, with pauses between the attempts. The JDK reports
 * either by an {@link OutOfMemoryError}. A worker that has filled the heap makes whoever asks for memory next fail, so a failure of
 * one of Corral's own threads says nothing about what that thread was doing.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class Retry {
    /** One attempt. */
    public static final Retry NEVER = atMost(1);
    /** As many attempts as it takes. */
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

    /** A fixed number of attempts. */
    public static Retry atMost(int attempts) {
        return new Retry(attempts, () -> false);
    }

    /** Attempts until the condition holds, and none if it holds already. */
    public static Retry until(BooleanSupplier isOver) {
        return new Retry(Integer.MAX_VALUE, isOver);
    }

    /** An action that throws an exception of one type. */
    @FunctionalInterface
    public interface Action<X extends Exception> {
        void run() throws X;
    }

    /**
     * Runs the action until it returns or this policy allows no further attempt. The calling thread parks between two attempts; see
     * {@link #pause(int)}. Other exceptions than those that a want of memory causes are thrown at once.
     *
     * @param log is given the exception of each attempt that has found no memory or no thread
     * @param action may be run again after it has been completed in part, so each part must bear to be done twice
     * @return whether the action has been completed
     */
    public <X extends Exception> boolean run(Consumer<Throwable> log, Action<X> action) throws X {
        for (int failures = 0; failures < attempts && !isOver.getAsBoolean();) {
            try {
                action.run();
                return true;
            } catch (RuntimeException | Error e) {
                if (!isWantOfMemory(e)) {
                    throw e;
                }
                log.accept(e);
            }
            failures++;
            if (failures < attempts) {
                pause(failures);
            }
        }
        return false;
    }

    /** Whether this is an OutOfMemoryError, or has one as a cause: reflection, for example, wraps it. */
    public static boolean isWantOfMemory(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** Parks for 10 ms, so that others can free what they hold, and a loop that fails each time does not spin. */
    public static void pause() {
        pause(1);
    }

    /**
     * Parks before the next attempt: 10 ms after the first failure, then twice as long each time, up to 640 ms. In a full heap each
     * attempt costs collections, for which all threads wait.
     *
     * @param failures in a row so far; 1 or more
     */
    public static void pause(int failures) {
        LockSupport.parkNanos(PAUSE_NANOS << Math.min(failures - 1, MOST_DOUBLINGS));
    }
}
