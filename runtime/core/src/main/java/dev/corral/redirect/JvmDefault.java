package dev.corral.redirect;

import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A default that the JVM has once, and that the JDK itself asks for. As long as some worker has set one of its own
 * ({@link WorkerDefault}), what the JVM has is a dispatcher, which does what the default of the worker does that the current
 * thread belongs to. After the last of them it is again what was there before, unless somebody has replaced it meanwhile.
 */
final class JvmDefault<T> {
    private final Supplier<@Nullable T> getter;
    private final Consumer<@Nullable T> setter;
    private final UnaryOperator<@Nullable T> dispatcherOver;
    /** Workers that have set one. Guarded by the monitor, like the rest. */
    private int users;
    private @Nullable T before;
    private @Nullable T dispatcher;

    /**
     * Of the JDK.
     *
     * @param getter tells the default of the JVM
     * @param setter sets it
     * @param dispatcherOver makes the dispatcher, which does what its argument does for whom no worker's default is
     */
    JvmDefault(Supplier<@Nullable T> getter, Consumer<@Nullable T> setter, UnaryOperator<@Nullable T> dispatcherOver) {
        this.getter = getter;
        this.setter = setter;
        this.dispatcherOver = dispatcherOver;
    }

    /** For a worker that has just set its first. To be undone by {@link #release}. */
    synchronized void use() {
        users++;
        renew();
    }

    /**
     * For a worker that has just set another. The dispatcher is a new one each time: the JDK keeps what it has worked out by a
     * default together with that default, and looks whether it is still the same.
     */
    synchronized void renew() {
        T now = getter.get();
        if (dispatcher == null || now != dispatcher) { // the second if the embedding program has replaced it
            before = now;
        }
        dispatcher = dispatcherOver.apply(before);
        setter.accept(dispatcher);
    }

    /** For a worker that has none any more. */
    synchronized void release() {
        if (--users > 0) {
            renew();
            return;
        }
        if (getter.get() == dispatcher) {
            setter.accept(before);
        }
        before = null;
        dispatcher = null;
    }

    /** What the embedding program has. */
    synchronized @Nullable T original() {
        T now = getter.get();
        return dispatcher != null && now == dispatcher ? before : now;
    }
}
