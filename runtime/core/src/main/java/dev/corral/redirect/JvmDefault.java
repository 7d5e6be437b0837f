package dev.corral.redirect;

import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A default that exists once per JVM and that the JDK itself reads. While at least one worker has set its own
 * ({@link WorkerDefault}), the JVM's default is a dispatcher, which uses the default of the worker that the current
 * thread belongs to. When the last such worker ends, the earlier default is restored, unless the embedding program has
 * replaced the dispatcher in the meantime. Thread-safe.
 *
 * @param <T> type of the default
 */
public final class JvmDefault<T> {
    private final Supplier<@Nullable T> getter;
    private final Consumer<@Nullable T> setter;
    private final UnaryOperator<@Nullable T> dispatcherOver;
    /** Number of workers that have set their own. Guarded by the monitor, like the next two. */
    private int users;
    /** The default without the dispatcher. */
    private @Nullable T before;
    /** The dispatcher that is installed; null if none is. */
    private @Nullable T dispatcher;

    /**
     * A default without a dispatcher yet.
     *
     * @param getter reads the default of the JVM
     * @param setter sets it
     * @param dispatcherOver creates a dispatcher, which uses its argument for threads of workers without a default of
     *        their own, and of no worker
     */
    public JvmDefault(Supplier<@Nullable T> getter, Consumer<@Nullable T> setter,
            UnaryOperator<@Nullable T> dispatcherOver) {
        this.getter = getter;
        this.setter = setter;
        this.dispatcherOver = dispatcherOver;
    }

    /** Adds a worker, which has just set its first default. The worker ends this with {@link #release}. */
    synchronized void use() {
        users++;
        renew();
    }

    /**
     * Installs a new dispatcher, because a worker has changed its default. It must be a new object each time: the JDK
     * caches what it has derived from a default, and recognises a change by the identity of the default.
     */
    synchronized void renew() {
        T now = getter.get();
        if (dispatcher == null || now != dispatcher) { // the latter if the embedding program has replaced it
            before = now;
        }
        dispatcher = dispatcherOver.apply(before);
        setter.accept(dispatcher);
    }

    /** Removes a worker, which has no default of its own any more. */
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

    /** The default of the embedding program. */
    synchronized @Nullable T original() {
        T now = getter.get();
        return dispatcher != null && now == dispatcher ? before : now;
    }
}
