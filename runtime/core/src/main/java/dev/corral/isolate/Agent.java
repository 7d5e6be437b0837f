package dev.corral.isolate;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** What {@code -javaagent} with Corral's jar starts. A JVM without the module {@code java.instrument} can load this class. */
public final class Agent {
    /** Set once, before {@code main}. */
    private static volatile boolean present;

    private Agent() {}

    /** Called by the JVM before {@code main}. */
    @SuppressWarnings("UnusedVariable") // there are no arguments
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        LateWeaver.install(instrumentation);
        present = true;
    }

    /** Whether this JVM has it. */
    public static boolean isPresent() {
        return present;
    }
}
