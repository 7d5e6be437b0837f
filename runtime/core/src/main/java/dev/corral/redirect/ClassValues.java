package dev.corral.redirect;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * Values that a worker's code has computed for classes. The JDK keeps each at its class, so those of {@code String} or
 * {@code int} would outlive the worker, and with them the classes that they are of. They are taken back at the end.
 */
@Documented(of = "`ClassValue`", becomes = "gives up with the worker what it has computed for classes of the JDK")
public final class ClassValues implements Redirect {
    /** Weak, as are the sets of classes. Guarded by its own monitor. */
    private final Map<ClassValue<?>, Set<Class<?>>> computed = new WeakHashMap<>();

    /** Without any value yet. */
    ClassValues() {}

    @MadeWith(ClassValue.class)
    BiConsumer<ClassValue<?>, Class<?>> listener() {
        return this::computed;
    }

    private void computed(ClassValue<?> values, Class<?> type) {
        synchronized (computed) {
            computed.computeIfAbsent(values, _ -> Collections.newSetFromMap(new WeakHashMap<>())).add(type);
        }
    }

    @Override
    public void close() {
        Map<ClassValue<?>, Set<Class<?>>> all = new HashMap<>();
        synchronized (computed) {
            computed.forEach((values, types) -> all.put(values, new HashSet<>(types)));
            computed.clear();
        }
        all.forEach((values, types) -> types.forEach(values::remove));
    }
}
