package dev.corral.bench.common;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Passes a worker's own copy of the work to the JVM that measures it. */
public final class Bodies {
    private static final CompletableFuture<Function<String, Body>> OF_WORKER = new CompletableFuture<>();

    private Bodies() {}

    /** Stores the work. The worker calls it once. */
    public static void leave(Function<String, Body> byName) {
        OF_WORKER.complete(byName);
    }

    /** Returns the work that the worker has stored; blocks until it is there. */
    public static Function<String, Body> await() {
        return OF_WORKER.join();
    }
}
