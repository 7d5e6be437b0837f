package dev.corral;

import java.time.Duration;
import java.util.List;

/**
 * The figures of a whole cluster at one moment, for probes and exporters.
 *
 * @param name the name of the cluster
 * @param program name of the program and fingerprint of its code
 * @param workers the figures of the live workers, by id
 * @param slots the number of open slots, including those that gave up
 * @param ready the number of workers that may receive traffic
 * @param gaveUp the number of slots that stay down after too many restarts
 * @param forks the number of workers forked so far, including restarts
 * @param restarts the number of workers forked because the one before them ended
 * @param zombies the number of workers killed because they were silent
 * @param memoryRecycles the number of workers that were replaced or killed because they had crossed a limit of memory
 *        ({@link MemoryPolicy})
 * @param reloads the number of reloads that were completed
 * @param stoppedThreads the number of threads of ended workers that were stopped inside the JDK
 *        ({@link Capability#ASYNC_STOP})
 * @param abandonedThreads the number of threads of ended workers that could not be ended and still run
 * @param leakedLoaders the number of class loaders of ended workers that are still reachable, although collections have
 *        passed
 * @param serviceThreads the threads of Corral itself, by name: those of this cluster, and those that serve all clusters
 *        of this JVM
 * @param lastTickAge the time since the master's thread last completed a turn; more than a few seconds means that the
 *        thread gets no CPU time
 */
public record ClusterStats(String name, String program, List<WorkerStats> workers, int slots, int ready, int gaveUp,
        long forks, long restarts, long zombies, long memoryRecycles, long reloads, long stoppedThreads,
        int abandonedThreads, int leakedLoaders, List<ServiceThread> serviceThreads,
        Duration lastTickAge) {
    /** Creates the record and copies the lists. */
    public ClusterStats {
        workers = List.copyOf(workers);
        serviceThreads = List.copyOf(serviceThreads);
    }

    /**
     * A thread of Corral itself, or all threads of a pool. Each restart is logged as well.
     *
     * @param name the name of the thread; threads of a pool have a number after it
     * @param state what the thread does now; a pool counts as running, because it starts its threads when they are
     *        needed
     * @param restarts how often its loop was entered again after a failure, or a new thread was started in place of one
     *        that ended
     * @param isVital whether the cluster counts as live only while this thread is running. Only {@code corral-log} is
     *        not vital, because it may have to wait for the process that reads the log
     */
    public record ServiceThread(String name, State state, long restarts, boolean isVital) {
        /** What a service thread does. */
        public enum State {
            /** The thread waits for work, or has worked on one item for at most ten seconds. */
            RUNNING,
            /**
             * The thread has worked on one item for more than ten seconds. Its stack was logged. It is not restarted.
             */
            STALLED,
            /**
             * The thread has ended, or was left to a listener that does not return, and no other thread has been
             * started yet. Corral tries to start one each second.
             */
            ENDED
        }
    }

    /** Returns whether at least one worker may receive traffic. For a readiness probe. */
    public boolean isServing() {
        return ready > 0;
    }

    /**
     * Returns whether the master's thread completed a turn in the last 10 seconds, all vital service threads are
     * running, and not every slot has given up. For a liveness probe.
     */
    public boolean isLive() {
        return gaveUp < Math.max(1, slots) && lastTickAge.toSeconds() < 10 && serviceThreads.stream()
                .noneMatch(thread -> thread.isVital() && thread.state() != ServiceThread.State.RUNNING);
    }
}
