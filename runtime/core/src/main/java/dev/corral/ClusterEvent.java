package dev.corral;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened in a cluster. Delivered in order, on the event thread. For one worker the order is that of Node:
 * {@link Forked}, {@link Online}, {@link Listening} once for each port, {@link Ready} after the first port that it serves, then {@link Disconnected} and
 * {@link Exited}, these two exactly once.
 */
public sealed interface ClusterEvent {
    /** When it happened. */
    Instant at();

    /** A worker was added; its state is STARTING. */
    record Forked(Instant at, Worker worker) implements ClusterEvent {}

    /** The program has been entered. */
    record Online(Instant at, Worker worker) implements ClusterEvent {}

    /**
     * The worker has a part of a port; the address is the real one, with the port that was bound. A Unix domain socket is an
     * unresolved address: its path, and port 0.
     */
    record Listening(Instant at, Worker worker, InetSocketAddress address) implements ClusterEvent {}

    /**
     * It may get traffic: its server asks for connections of a port, or it has called {@link WorkerContext#ready}. A port that is bound
     * is not enough, because a program may bind first and initialise then.
     */
    record Ready(Instant at, Worker worker) implements ClusterEvent {}

    /**
     * The worker has been silent for one more interval of {@link HeartbeatPolicy}; it gets no new connection until it moves. Where it is
     * only one of its servers that accepts no connections, that server gets none until it asks for one again, and this event comes
     * {@link HeartbeatPolicy#missed} times at most.
     *
     * @param missed in a row
     * @param silence since something moved last
     */
    record HeartbeatMissed(Instant at, Worker worker, int missed, Duration silence) implements ClusterEvent {}

    /** It has been silent for too long, and is killed now. {@link Disconnected} and {@link Exited} follow. */
    record BecameZombie(Instant at, Worker worker, Autopsy autopsy) implements ClusterEvent {}

    /** A reload has ended. */
    record Reloaded(Instant at, ReloadResult result) implements ClusterEvent {}

    /** A fresh worker is about to be forked for the slot of this one. */
    record Replacing(Instant at, Worker worker, String why) implements ClusterEvent {}

    /** The worker was cut off: no connection comes to it any more. */
    record Disconnected(Instant at, Worker worker) implements ClusterEvent {}

    /** The worker has ended. */
    record Exited(Instant at, Worker worker, Exit exit) implements ClusterEvent {}

    /**
     * The slot stays down: more than the allowed number of restarts within the period, or of failed starts in a row; see
     * {@link RestartPolicy}.
     *
     * @param restarts that did not help
     * @param within the time in which they were
     */
    record GaveUp(Instant at, int slot, int restarts, Duration within, Exit last) implements ClusterEvent {}

    /**
     * The class loader of an ended worker is still reachable although collections that unload classes have passed since.
     *
     * @param path a shortest path to it, or to something of its classes, from a static field or a live thread, as in {@code static
     *     com.example.Shared.LISTENERS (java.util.ArrayList) -> elementData (java.lang.Object[]) -> [0] (com.example.App$Listener)}; or
     *     why none was found: stacks and native code are not looked through, nor more than some million objects
     */
    record LoaderLeaked(Instant at, Worker worker, String path) implements ClusterEvent {}
}
