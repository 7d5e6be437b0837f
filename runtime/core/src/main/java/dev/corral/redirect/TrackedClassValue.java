package dev.corral.redirect;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values of classes that their worker knows, so that they can be taken back. Woven code of a worker extends this class in
 * place of {@link ClassValue}. The values are those of another one behind it: only where a value is computed is there
 * anything to be noted, and the JDK's {@code get} does not tell.
 *
 * @param <T> of the values
 */
public abstract class TrackedClassValue<T> extends ClassValue<T> {
    private final ClassValue<T> values;

    /** Tells whose values are computed, and for which class; null where no worker wants to know. */
    protected TrackedClassValue(@Nullable BiConsumer<ClassValue<?>, Class<?>> listener) {
        values = new ClassValue<>() {
            @Override
            protected T computeValue(Class<?> type) {
                if (listener != null) {
                    listener.accept(this, type);
                }
                return TrackedClassValue.this.computeValue(type);
            }
        };
    }

    @Override
    public T get(Class<?> type) {
        return values.get(type);
    }

    @Override
    public void remove(Class<?> type) {
        values.remove(type);
    }
}
