package dev.corral.hotspot;

import org.jspecify.annotations.Nullable;

/**
 * The signal with which HotSpot suspends threads to take JFR's samples. It is SIGUSR2, unless an environment variable
 * has set another signal before the JVM started. A program that nevertheless handles SIGUSR2 gets a false signal for
 * each sample, and JFR gets no samples.
 */
public final class SuspendSignal {
    private static final String VARIABLE = "_JAVA_SR_SIGNUM";
    private static final int SIGSEGV = 11;
    private static final int SIGUSR2 = 12;
    private static final int MOST_ON_LINUX = 64;

    private SuspendSignal() {}

    /** Returns whether HotSpot uses another signal, so that SIGUSR2 is free. */
    public static boolean isMovedAway() {
        return Platform.isLinux() && isOther(System.getenv(VARIABLE));
    }

    /**
     * Returns whether HotSpot accepts the value and it is another signal. HotSpot accepts a number that is larger than
     * the signals that it uses itself.
     */
    static boolean isOther(@Nullable String value) {
        if (value == null || !value.matches("[0-9]{1,3}")) {
            return false;
        }
        int number = Integer.parseInt(value);
        return number > SIGSEGV && number <= MOST_ON_LINUX && number != SIGUSR2;
    }
}
