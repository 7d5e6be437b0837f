package dev.corral;

/**
 * Life of one worker, forwards only: STARTING, ONLINE, READY in this order; from each of them DRAINING, STOPPING, KILLING
 * may be entered or skipped; EXITED is the only end.
 */
public enum WorkerState {
    /** Forked; its program is not entered yet. */
    STARTING,
    /** The program has been entered. */
    ONLINE,
    /** It may get traffic: its server asks for connections, or it has said so. */
    READY,
    /** It gets nothing new; what is under way may finish. */
    DRAINING,
    /** It is cut off; its shutdown hooks run, then its threads end. */
    STOPPING,
    /** It is being ended by force. */
    KILLING,
    /** It has ended. Terminal. */
    EXITED;

    /** True in STARTING, ONLINE, READY: it lives, and nobody has asked it to end. */
    public boolean isLive() {
        return compareTo(READY) <= 0;
    }

    /** True until the worker is cut off: Node's {@code isConnected()}. False from STOPPING on. */
    public boolean isConnected() {
        return compareTo(DRAINING) <= 0;
    }
}
