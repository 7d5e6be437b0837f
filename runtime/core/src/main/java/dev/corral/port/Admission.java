package dev.corral.port;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides whether new connections are accepted. Those that are not accepted yet wait in the kernel's backlog.
 *
 * <p>While the heap is nearly full, and a worker is being ended for that reason, each further request would take memory that the end
 * needs. So new connections are held for a moment ({@link #holdFor}). While connections fill the heap fast, only as many are accepted as
 * it has room for ({@link #limit}). Otherwise the connections that have waited during a hold would fill the heap at once.
 *
 * <p>There is one for the JVM. Any thread may call it. It takes no memory.
 */
public final class Admission {
    /** The longest time in a row. After it, connections are accepted for at least {@link #OPEN_NANOS}. */
    private static final long LONGEST_NANOS = Duration.ofMillis(1_200).toNanos();
    private static final long OPEN_NANOS = Duration.ofMillis(300).toNanos();

    // Guarded by the class.
    private static boolean any;
    private static long sinceNanos;
    /** Read without the lock, after {@link #held}. */
    private static volatile long untilNanos;
    private static volatile boolean held;

    /** How many connections have been accepted since the start of the JVM, on all ports. */
    private static final AtomicLong ACCEPTED = new AtomicLong();
    /** The value of {@link #ACCEPTED} at which no more are accepted; {@code Long.MAX_VALUE} for no limit. */
    private static volatile long acceptedAtMost = Long.MAX_VALUE;
    private static volatile long limitedUntilNanos;

    private Admission() {}

    /** Holds new connections for this time, but for no longer than {@link #LONGEST_NANOS} in a row. */
    public static synchronized void holdFor(Duration time) {
        long now = System.nanoTime();
        boolean goesOn = any && now - untilNanos < 0;
        if (!goesOn && (!any || now - untilNanos >= OPEN_NANOS)) {
            any = true;
            sinceNanos = now;
        }
        long last = sinceNanos + LONGEST_NANOS;
        long wanted = now + time.toNanos();
        if (now - last < 0) {
            untilNanos = wanted - last < 0 ? wanted : last;
            held = true;
        }
    }

    /**
     * Accepts at most this many connections from now on, until the time is over or this is called again. Several ports may exceed the
     * limit by one connection each.
     *
     * @param connections 0 or more; {@code Long.MAX_VALUE} for no limit
     */
    public static void limit(long connections, Duration time) {
        limitedUntilNanos = System.nanoTime() + time.toNanos();
        acceptedAtMost = connections == Long.MAX_VALUE ? Long.MAX_VALUE : ACCEPTED.get() + connections;
    }

    static void countAccepted() {
        ACCEPTED.incrementAndGet();
    }

    /** Whether no connection is to be accepted now. */
    static boolean isHeld() {
        if (held && System.nanoTime() - untilNanos >= 0) {
            held = false;
        }
        return held || isUsedUp();
    }

    private static boolean isUsedUp() {
        return ACCEPTED.get() >= acceptedAtMost && System.nanoTime() - limitedUntilNanos < 0;
    }
}
