package dev.corral.isolate;

import dev.corral.redirect.exit.UncaughtExceptions;
import org.jspecify.annotations.Nullable;

/** The thread group of one worker. It refers to the worker's isolate until the worker has ended. */
final class WorkerGroup extends ThreadGroup {
    /**
     * Set to null once, by {@link #forget}, when the end of the worker is complete, so that a thread that could not be
     * ended does not keep the isolate reachable.
     */
    private volatile @Nullable Isolate isolate;

    WorkerGroup(ThreadGroup parent, Isolate isolate) {
        super(parent, isolate.name());
        this.isolate = isolate;
    }

    @Nullable
    Isolate isolate() {
        return isolate;
    }

    void forget() {
        isolate = null;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        Isolate owner = isolate;
        if (owner != null) {
            owner.redirects().get(UncaughtExceptions.class).uncaughtException(thread, thrown);
        }
    }

    /** Returns the isolate of the nearest worker's group at or above a group, or null. */
    static @Nullable Isolate isolateOf(@Nullable ThreadGroup group) {
        for (ThreadGroup g = group; g != null; g = g.getParent()) {
            if (g instanceof WorkerGroup worker) {
                return worker.isolate;
            }
        }
        return null;
    }
}
