package dev.corral.redirect;

import org.jspecify.annotations.Nullable;

/** A {@link JvmDefault} as one worker has it: that of the JVM, until it sets one of its own. */
final class WorkerDefault<T> {
    private final JvmDefault<T> ofJvm;
    /** Null if it has none of its own. Guarded by the monitor for writing. */
    private volatile @Nullable Own<T> own;
    private boolean closed;

    private record Own<T>(@Nullable T value) {}

    WorkerDefault(JvmDefault<T> ofJvm) {
        this.ofJvm = ofJvm;
    }

    synchronized void set(@Nullable T value) {
        if (closed) {
            return; // a thread that has outlived its worker
        }
        boolean isFirst = own == null;
        own = new Own<>(value);
        if (isFirst) {
            ofJvm.use();
        } else {
            ofJvm.renew();
        }
    }

    /** Back to that of the JVM. */
    synchronized void unset() {
        if (own != null) {
            own = null;
            ofJvm.release();
        }
    }

    @Nullable
    T get() {
        Own<T> set = own;
        return set == null ? ofJvm.original() : set.value;
    }

    /** Its own, which may be null, or the other one if it has none of its own. */
    @Nullable
    T or(@Nullable T otherwise) {
        Own<T> set = own;
        return set == null ? otherwise : set.value;
    }

    synchronized void close() {
        closed = true;
        unset();
    }
}
