package dev.corral.port;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides whether new connections are accepted. A connection that is not accepted waits in the kernel's backlog.
 *
 * <p>While the heap is nearly full and a worker is being ended for that reason, each further request would take memory
 * that the end needs. So new connections are held for a moment ({@link #holdFor}). While connections fill the heap
 * fast, only as many are accepted as the heap has room for ({@link #limit}). Otherwise the connections that have waited
 * during a hold would fill the heap at once.
 *
 * <p>There is one instance for the JVM. Any thread may call it. It allocates no memory.
 */
public final class Admission {
    /** The longest hold without a break. After it, connections are accepted for at least {@link #OPEN_NANOS}. */
    private static final long LONGEST_NANOS = Duration.ofMillis(1_200).toNanos();
    private static final long OPEN_NANOS = Duration.ofMillis(300).toNanos();

    // Guarded by the monitor of the class.
    private static boolean any;
    private static long sinceNanos;
    /** The end of the hold, as of {@link System#nanoTime}. Read without the monitor, after {@link #held}. */
    private static volatile long untilNanos;
    private static volatile boolean held;

    /** The number of connections accepted since the start of the JVM, on all ports. */
    private static final AtomicLong ACCEPTED = new AtomicLong();
    /**
     * The value of {@link #ACCEPTED} from which no more connections are accepted; {@code Long.MAX_VALUE} for no limit.
     */
    private static volatile long acceptedAtMost = Long.MAX_VALUE;
    private static volatile long limitedUntilNanos;

    private Admission() {}

    /** Holds new connections for this time, but never longer than {@link #LONGEST_NANOS} without a break. */
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
     * Accepts at most this number of further connections, until the time is over or this method is called again. Each
     * port may exceed the limit by one connection.
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

    /** Whether no connection may be accepted now. */
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
