package dev.corral.redirect;

import org.jspecify.annotations.Nullable;

/**
 * A {@link JvmDefault} as one worker has it: the JVM's, until the worker sets its own. Thread-safe.
 *
 * @param <T> type of the default
 */
public final class WorkerDefault<T> {
    private final JvmDefault<T> ofJvm;
    /** Null while the worker has none of its own. Written under the monitor. */
    private volatile @Nullable Own<T> own;
    /** Whether the worker has ended. Guarded by the monitor. */
    private boolean closed;

    private record Own<T>(@Nullable T value) {}

    /** The default of a worker that has not set its own. */
    public WorkerDefault(JvmDefault<T> ofJvm) {
        this.ofJvm = ofJvm;
    }

    /** Sets the worker's own default, which may be null. */
    public synchronized void set(@Nullable T value) {
        if (closed) {
            return; // called by a thread that has outlived its worker
        }
        boolean isFirst = own == null;
        own = new Own<>(value);
        if (isFirst) {
            ofJvm.use();
        } else {
            ofJvm.renew();
        }
    }

    /** Returns to the default of the JVM. */
    public synchronized void unset() {
        if (own != null) {
            own = null;
            ofJvm.release();
        }
    }

    /** The worker's own default, or that of the embedding program if the worker has none of its own. */
    public @Nullable T get() {
        Own<T> set = own;
        return set == null ? ofJvm.original() : set.value;
    }

    /** The worker's own default, which may be null, or the argument if the worker has none of its own. */
    public @Nullable T or(@Nullable T otherwise) {
        Own<T> set = own;
        return set == null ? otherwise : set.value;
    }

    /** Returns to the default of the JVM for good. Called at the worker's end. */
    public synchronized void close() {
        closed = true;
        unset();
    }
}
