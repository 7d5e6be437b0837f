package dev.corral.hotspot;

import org.jspecify.annotations.Nullable;

/**
 * The signal by which HotSpot suspends threads, for JFR's samples. That is SIGUSR2, unless the environment has told the JVM another one
 * before it started. Who handles SIGUSR2 all the same gets a false signal for each sample, and JFR gets none.
 */
public final class SuspendSignal {
    private static final String VARIABLE = "_JAVA_SR_SIGNUM";
    private static final int SIGSEGV = 11;
    private static final int SIGUSR2 = 12;
    private static final int MOST_ON_LINUX = 64;

    private SuspendSignal() {}

    /** Whether SIGUSR2 is free. */
    public static boolean isMovedAway() {
        return System.getProperty("os.name", "").equals("Linux") && isOther(System.getenv(VARIABLE));
    }

    /** Whether HotSpot takes the value, which it does where no lower signal of its own is meant. */
    static boolean isOther(@Nullable String value) {
        if (value == null || !value.matches("[0-9]{1,3}")) {
            return false;
        }
        int number = Integer.parseInt(value);
        return number > SIGSEGV && number <= MOST_ON_LINUX && number != SIGUSR2;
    }
}
