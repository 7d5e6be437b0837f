package dev.corral.isolate;

import dev.corral.redirect.UncaughtExceptions;
import org.jspecify.annotations.Nullable;

/** The thread group of one worker; knows its isolate until that has ended. */
final class WorkerGroup extends ThreadGroup {
    /** Cleared once, when the worker has been taken apart, so that a thread that could not be ended does not hold it. */
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

    /** The isolate of a thread in this group: of the nearest worker's group above it, or null. */
    static @Nullable Isolate isolateOf(@Nullable ThreadGroup group) {
        for (ThreadGroup g = group; g != null; g = g.getParent()) {
            if (g instanceof WorkerGroup worker) {
                return worker.isolate;
            }
        }
        return null;
    }
}
