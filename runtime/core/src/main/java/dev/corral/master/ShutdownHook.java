package dev.corral.master;

import org.jspecify.annotations.Nullable;

/** The hook that closes one cluster when the JVM shuts down. */
final class ShutdownHook {
    private final String cluster;
    private final Runnable close;
    /**
     * The hook while it is registered. Written by the thread that starts the cluster, and by the thread that closes it.
     */
    private volatile @Nullable Thread registered;

    ShutdownHook(String cluster, Runnable close) {
        this.cluster = cluster;
        this.close = close;
    }

    /** Registers the hook, once. */
    void add() {
        var hook = new Thread(close, "corral-" + cluster + "-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        registered = hook;
    }

    /** Removes the hook. Does nothing if it was not added, or if the JVM is shutting down. */
    void remove() {
        Thread hook = registered;
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the JVM is shutting down, and the hook may be the caller
            }
        }
    }
}
