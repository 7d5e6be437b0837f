package dev.corral.isolate;

import java.lang.instrument.Instrumentation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entry point of {@code -javaagent} with Corral's jar. A JVM without the module {@code java.instrument} can load
 * this class.
 */
public final class Agent {
    /** Set once, by the JVM's main thread, before {@code main}. */
    private static volatile boolean present;
    /** Opens packages of modules to Corral. Set before {@link #present}. */
    private static volatile Consumer<Map<Module, Set<String>>> opener = _ -> {};

    private Agent() {}

    /** Installs the {@link LateWeaver}. The JVM calls it before {@code main}. */
    @SuppressWarnings("UnusedVariable") // there are no arguments
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        LateWeaver.install(instrumentation);
        opener = packages -> packages.forEach((module, names) -> open(instrumentation, module, names));
        present = true;
    }

    private static void open(Instrumentation instrumentation, Module module, Set<String> packages) {
        Map<String, Set<Module>> opens = new HashMap<>();
        packages.forEach(name -> opens.put(name, Set.of(Agent.class.getModule())));
        instrumentation.redefineModule(module, Set.of(), Map.of(), opens, Set.of(), Map.of());
    }

    /** Opens these packages to Corral, if the agent is present. */
    public static void open(Map<Module, Set<String>> packages) {
        opener.accept(packages);
    }

    /** Returns whether this JVM was started with the agent. */
    public static boolean isPresent() {
        return present;
    }
}
