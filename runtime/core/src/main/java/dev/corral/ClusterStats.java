package dev.corral;

import java.time.Duration;
import java.util.List;

/**
 * Accounts of a whole cluster; what probes and exporters read.
 *
 * @param program name of the program and fingerprint of its code
 * @param workers the live workers, by id
 * @param slots open slots, those that gave up included
 * @param ready workers that may get traffic
 * @param gaveUp slots that stay down after too many restarts
 * @param forks workers forked so far, restarts included
 * @param restarts workers forked because one before them ended
 * @param zombies workers killed because they were silent
 * @param memoryRecycles workers that were replaced, or killed, because they had crossed a limit of memory ({@link MemoryPolicy})
 * @param reloads reloads that were completed
 * @param stoppedThreads threads of ended workers that were stopped inside the JDK ({@link Capability#ASYNC_STOP})
 * @param abandonedThreads threads of ended workers that no force could end and that still run
 * @param leakedLoaders class loaders of ended workers that are still reachable, though collections have passed
 * @param lastTickAge how long ago the master last turned; more than a few seconds means that it is starved
 */
public record ClusterStats(String name, String program, List<WorkerStats> workers, int slots, int ready, int gaveUp,
        long forks, long restarts, long zombies, long memoryRecycles, long reloads, long stoppedThreads,
        int abandonedThreads, int leakedLoaders,
        Duration lastTickAge) {
    /** Copies the list. */
    public ClusterStats {
        workers = List.copyOf(workers);
    }

    /** For a readiness probe: somebody may get traffic. */
    public boolean isReady() {
        return ready > 0;
    }

    /** For a liveness probe: the master turns, and not every slot has given up. */
    public boolean isLive() {
        return gaveUp < Math.max(1, slots) && lastTickAge.toSeconds() < 10;
    }
}
