package dev.corral.redirect.logging;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown hooks of the JVM. The JDK has no method that lists them; they are needed because a constructor of the
 * JDK adds a hook that it never removes. Needs {@code java.base/java.lang} opened.
 */
final class JvmShutdownHooks {
    private static final @Nullable Class<?> HOLDER = JdkInternal.SHUTDOWN_HOOKS.type();
    private static final @Nullable VarHandle HOOKS = JdkInternal.SHUTDOWN_HOOKS.fieldOrNull();

    private JvmShutdownHooks() {}

    /**
     * Creates an object, and removes the hooks of that class that any thread has added in the meantime. Without access
     * to the JDK's list the hooks stay.
     */
    static <T> T without(String hookClass, Supplier<T> making) {
        Set<Thread> before = of(hookClass);
        T made = making.get();
        of(hookClass).stream().filter(hook -> !before.contains(hook)).forEach(Runtime.getRuntime()::removeShutdownHook);
        return made;
    }

    private static Set<Thread> of(String hookClass) {
        Set<Thread> found = Collections.newSetFromMap(new IdentityHashMap<>());
        if (HOLDER != null && HOOKS != null) {
            synchronized (HOLDER) { // as its own methods do
                if (HOOKS.get() instanceof Map<?, ?> hooks) { // null once the JVM shuts down
                    for (Object hook : hooks.keySet()) {
                        if (hook.getClass().getName().equals(hookClass)) {
                            found.add((Thread) hook);
                        }
                    }
                }
            }
        }
        return found;
    }
}
