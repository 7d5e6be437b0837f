package dev.corral.isolate;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The entry point of {@code -javaagent} with Corral's jar. A JVM without the module {@code java.instrument} can load
 * this class.
 */
public final class Agent {
    /** Set once, by the JVM's main thread, before {@code main}. */
    private static volatile boolean present;

    private Agent() {}

    /** Installs the {@link LateWeaver}. The JVM calls it before {@code main}. */
    @SuppressWarnings("UnusedVariable") // there are no arguments
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        LateWeaver.install(instrumentation);
        present = true;
    }

    /** Returns whether this JVM was started with the agent. */
    public static boolean isPresent() {
        return present;
    }
}
