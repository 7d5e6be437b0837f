package dev.corral.redirect;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Virtual threads: they run on the worker's scheduler, whatever thread makes them. */
public final class VirtualThreadMaking implements Redirect {
    private final Supplier<Thread.Builder.OfVirtual> builders;

    /** With builders of threads on the worker's scheduler. */
    public VirtualThreadMaking(Supplier<Thread.Builder.OfVirtual> builders) {
        this.builders = builders;
    }

    @Replaces(type = Thread.class, method = "ofVirtual")
    Thread.Builder.OfVirtual ofVirtual() {
        return builders.get();
    }

    @Replaces(type = Thread.class, method = "startVirtualThread")
    Thread startVirtualThread(Runnable task) {
        return builders.get().start(task);
    }

    @Replaces(type = Executors.class, method = "newVirtualThreadPerTaskExecutor")
    ExecutorService newVirtualThreadPerTaskExecutor() {
        return Executors.newThreadPerTaskExecutor(builders.get().factory());
    }
}
