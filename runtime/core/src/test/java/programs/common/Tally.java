package programs.common;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** What became of messages, by their numbers; one for the test and all workers. */
public final class Tally {
    /** How many messages there can be. */
    public static final int MOST = 4_000_000;

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final AtomicIntegerArray ACCEPTED = new AtomicIntegerArray(MOST);
    private static final AtomicIntegerArray REFUSED = new AtomicIntegerArray(MOST);
    private static final AtomicIntegerArray DELIVERED = new AtomicIntegerArray(MOST);

    private Tally() {}

    /** Of a message that is about to be sent. */
    public static int next() {
        return NUMBERS.getAndIncrement();
    }

    /** Messages so far. */
    public static int count() {
        return Math.min(NUMBERS.get(), MOST);
    }

    /** Its send has returned. */
    public static void accepted(int number) {
        ACCEPTED.incrementAndGet(number);
    }

    /** Its sender was told that it is not delivered. */
    public static void refused(int number) {
        REFUSED.incrementAndGet(number);
    }

    /** It has reached a handler. */
    public static void delivered(int number) {
        DELIVERED.incrementAndGet(number);
    }

    /** Whether its send has returned. */
    public static boolean isAccepted(int number) {
        return ACCEPTED.get(number) > 0;
    }

    /** Whether its sender was told. */
    public static boolean isRefused(int number) {
        return REFUSED.get(number) > 0;
    }

    /** How often it has reached a handler. */
    public static int deliveries(int number) {
        return DELIVERED.get(number);
    }
}
