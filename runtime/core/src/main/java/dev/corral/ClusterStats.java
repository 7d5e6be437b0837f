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
 * @param serviceThreads the threads of Corral itself: those of this cluster, and those that serve all clusters of this JVM, by name
 * @param lastTickAge how long ago the master last turned; more than a few seconds means that it is starved
 */
public record ClusterStats(String name, String program, List<WorkerStats> workers, int slots, int ready, int gaveUp,
        long forks, long restarts, long zombies, long memoryRecycles, long reloads, long stoppedThreads,
        int abandonedThreads, int leakedLoaders, List<ServiceThread> serviceThreads,
        Duration lastTickAge) {
    /** Copies the lists. */
    public ClusterStats {
        workers = List.copyOf(workers);
        serviceThreads = List.copyOf(serviceThreads);
    }

    /**
     * A thread of Corral itself, or all threads of a pool. Each restart is logged as well.
     *
     * @param name name of the thread; threads of a pool have a number after it
     * @param state what it does now; a pool counts as running, because it starts its threads when they are needed
     * @param restarts how often its loop was entered again after a failure, or a new thread was started in place of one that had ended
     * @param isVital whether the cluster counts as live only while this thread is running. Only {@code corral-log} is not vital: it may wait
     *     for whoever reads the log
     */
    public record ServiceThread(String name, State state, long restarts, boolean isVital) {
        /** What such a thread does. */
        public enum State {
            /** It waits for something to do, or has been at it for at most ten seconds. */
            RUNNING,
            /** It has been at the same turn for more than ten seconds; its stack was logged. It is not restarted. */
            STALLED,
            /** It has ended, or was left to a listener that does not return, and no other has been started yet; this is tried each second. */
            ENDED
        }
    }

    /** For a readiness probe: somebody may get traffic. */
    public boolean isReady() {
        return ready > 0;
    }

    /** For a liveness probe: the master turns, all vital service threads are running, and not every slot has given up. */
    public boolean isLive() {
        return gaveUp < Math.max(1, slots) && lastTickAge.toSeconds() < 10 && serviceThreads.stream()
                .noneMatch(thread -> thread.isVital() && thread.state() != ServiceThread.State.RUNNING);
    }
}
