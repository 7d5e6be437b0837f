package dev.corral.redirect.cleanup;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Values for classes that are recorded by their worker, so that they can be removed. Woven code of a worker extends
 * this class instead of {@link ClassValue}. It delegates to another {@code ClassValue}, whose {@code computeValue}
 * records the class: {@code get} of the JDK does not show whether it has computed a value.
 *
 * @param <T> type of the values
 */
public abstract class TrackedClassValue<T> extends ClassValue<T> {
    private final ClassValue<T> values;

    /**
     * Notifies the listener of each value that is computed: the object that holds it, and its class. Null for code of
     * no worker.
     */
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
