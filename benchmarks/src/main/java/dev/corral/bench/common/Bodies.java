package dev.corral.bench.common;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Where a worker leaves its own copy of the work for the JVM that measures it. */
public final class Bodies {
    private static final CompletableFuture<Function<String, Body>> OF_WORKER = new CompletableFuture<>();

    private Bodies() {}

    /** Called by the worker, once. */
    public static void leave(Function<String, Body> byName) {
        OF_WORKER.complete(byName);
    }

    /** What the worker has left; waits for it. */
    public static Function<String, Body> await() {
        return OF_WORKER.join();
    }
}
