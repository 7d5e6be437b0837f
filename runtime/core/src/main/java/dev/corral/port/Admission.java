package dev.corral.port;

import java.time.Duration;

/**
 * Whether new connections are accepted. While the heap is all but full, and a worker is being ended for that, each further request would
 * take what its end needs; so new connections wait in the kernel's backlog for a moment. One for the JVM. Any thread; takes no memory.
 */
public final class Admission {
    /** In a row. After that connections are accepted for {@link #OPEN_NANOS} at least. */
    private static final long LONGEST_NANOS = Duration.ofMillis(1_200).toNanos();
    private static final long OPEN_NANOS = Duration.ofMillis(300).toNanos();

    // Guarded by the class.
    private static boolean any;
    private static long sinceNanos;
    /** Read without the lock, after {@link #held}. */
    private static volatile long untilNanos;
    private static volatile boolean held;

    private Admission() {}

    /** Holds new connections back for so long from now on, unless that has gone on for long. */
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

    /** Whether they are held back now. */
    static boolean isHeld() {
        if (held && System.nanoTime() - untilNanos >= 0) {
            held = false;
        }
        return held;
    }
}
