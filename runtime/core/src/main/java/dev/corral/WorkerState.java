package dev.corral;

/**
 * The state of a worker. States only advance: STARTING, ONLINE, READY in this order; from each of them the worker may
 * enter DRAINING, STOPPING and KILLING in this order, or skip them; EXITED is the final state.
 */
public enum WorkerState {
    /** The worker was forked; it has not yet entered its program. */
    STARTING,
    /** The worker has entered its program. */
    ONLINE,
    /**
     * The worker may receive traffic, because its server asks for connections or because it has called
     * {@link WorkerContext#ready}.
     */
    READY,
    /** The worker receives nothing new; work that is under way may finish. */
    DRAINING,
    /** The worker is cut off. Its shutdown hooks run, then its threads end. */
    STOPPING,
    /** The worker is being killed. */
    KILLING,
    /** The worker has ended. */
    EXITED;

    /** Returns true in STARTING, ONLINE and READY: the worker has not been asked to end. */
    public boolean isLive() {
        return compareTo(READY) <= 0;
    }

    /** Returns true until the worker is cut off, which happens in STOPPING: Node's {@code isConnected()}. */
    public boolean isConnected() {
        return compareTo(DRAINING) <= 0;
    }
}
