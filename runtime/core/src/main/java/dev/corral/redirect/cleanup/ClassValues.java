package dev.corral.redirect.cleanup;

import dev.corral.redirect.Documented;
import dev.corral.redirect.MadeWith;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Substitutes;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BiConsumer;

/**
 * Values that a worker's code has computed for classes. The JDK stores such a value in the class. So values for {@code
 * String} or {@code int} would outlive the worker, and would hold the classes of the values. They are removed when the
 * worker ends.
 */
@Documented(of = "`ClassValue`",
        becomes = "what it has computed for classes of the JDK is removed when the worker ends")
@Substitutes(type = ClassValue.class, by = TrackedClassValue.class)
public final class ClassValues implements Redirect {
    /** The classes for which a value was computed; all references are weak. Guarded by its own monitor. */
    private final Map<ClassValue<?>, Set<Class<?>>> computed = new WeakHashMap<>();

    /** The redirect of a worker that has computed no value yet. */
    public ClassValues() {}

    /** Supplies the listener that a {@link TrackedClassValue} notifies of each value. */
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
