package dev.corral.samples.pulse;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the workers and the master of {@link dev.corral.samples.Seed} have in common: its package is shared, so there is one
 * such class for all of them, as there is for the classes of the JDK. Thread-safe.
 */
public final class Pulse {
    private static final Map<Long, CompletableFuture<Void>> PINGS = new ConcurrentHashMap<>();

    private Pulse() {}

    /** In the master: asks a worker to answer. Takes the place of a question that it has not answered. */
    public static CompletableFuture<Void> ping(long worker) {
        var ping = new CompletableFuture<Void>();
        PINGS.put(worker, ping);
        return ping;
    }

    /** In a worker: answers. */
    public static void pong(long worker) {
        CompletableFuture<Void> ping = PINGS.remove(worker);
        if (ping != null) {
            ping.complete(null);
        }
    }

    /** In the master: nobody waits for this worker's answer any more. */
    public static void forget(long worker) {
        PINGS.remove(worker);
    }
}
