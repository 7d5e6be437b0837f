package dev.corral;

import dev.corral.text.Quantities;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

/**
 * An event of a cluster. Events are delivered in order, on the event thread. For each worker the order is the one of
 * Node: {@link Forked}, {@link Online}, {@link Listening} once for each port, {@link Ready} after the first port that
 * the worker serves, then {@link Disconnected} and {@link Exited}, each of these two exactly once.
 * {@link Object#toString} returns one line for a log, without the name of the cluster and the time.
 */
public sealed interface ClusterEvent {
    /** Returns the time at which it happened. */
    Instant at();

    /** A worker was added. Its state is {@link WorkerState#STARTING}. */
    record Forked(Instant at, Worker worker) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " was forked";
        }
    }

    /** A worker has entered its program. */
    record Online(Instant at, Worker worker) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " is online";
        }
    }

    /**
     * A worker has bound a port or got a share of it.
     *
     * @param address the real address, with the port that was bound. For a Unix domain socket it is unresolved and
     *        consists of the path and port 0
     */
    record Listening(Instant at, Worker worker, InetSocketAddress address) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " listens on " + address;
        }
    }

    /**
     * A worker may receive traffic, because its server asks for connections of a port, because it has called
     * {@link WorkerContext#ready}, or because its entry method has returned and it serves messages only. A bound port
     * is not sufficient, because a program may bind first and initialise then.
     */
    record Ready(Instant at, Worker worker) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " is ready";
        }
    }

    /**
     * A worker has missed one more check of its {@link HeartbeatPolicy}. It receives no new connections until it makes
     * progress. If the only fault is that one of its servers accepts no connections, only that server receives none,
     * until it asks for one again; in this case the event comes at most {@link HeartbeatPolicy#missed} times.
     *
     * @param missed the checks that were missed in a row
     * @param silence the time since the last progress
     */
    record HeartbeatMissed(Instant at, Worker worker, int missed, Duration silence) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " has been silent for " + Quantities.text(silence);
        }
    }

    /**
     * A worker was silent for too long and is being killed. {@link Disconnected} and {@link Exited} follow.
     *
     * @param autopsy what the worker was doing
     */
    record BecameZombie(Instant at, Worker worker, Autopsy autopsy) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " is a zombie: " + autopsy;
        }
    }

    /** A reload has ended. */
    record Reloaded(Instant at, ReloadResult result) implements ClusterEvent {
        @Override
        public String toString() {
            return switch (result) {
                case ReloadResult.Completed(int replaced, String fingerprint, Duration took) ->
                        "reloaded " + replaced + (replaced == 1 ? " slot in " : " slots in ")
                                + Quantities.text(took) + ", now " + fingerprint;
                case ReloadResult.Aborted(int slot, String why, var _) ->
                        "the reload was aborted, and the old code keeps serving: "
                                + (slot < 0 ? "" : "slot " + slot + ": ") + why;
            };
        }
    }

    /**
     * A new worker is about to be forked for the slot of this worker.
     *
     * @param why the reason, for people
     * @param overMemory whether the reason is that the worker is over a limit of its {@link MemoryPolicy}; otherwise a
     *        call or a reload replaces it
     */
    record Replacing(Instant at, Worker worker, String why, boolean overMemory) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " will be replaced: " + why;
        }
    }

    /** A worker was cut off: it receives no more connections. */
    record Disconnected(Instant at, Worker worker) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " receives no more connections";
        }
    }

    /**
     * A worker has ended.
     *
     * @param exit how it ended
     */
    record Exited(Instant at, Worker worker, Exit exit) implements ClusterEvent {
        @Override
        public String toString() {
            return exit.toString();
        }
    }

    /**
     * A slot stays down, because it had more than the allowed number of restarts within the period, or of failed starts
     * in a row. See {@link RestartPolicy}.
     *
     * @param restarts the number of restarts that did not help
     * @param within the time in which they happened
     * @param last the end of the last worker
     */
    record GaveUp(Instant at, int slot, int restarts, Duration within, Exit last) implements ClusterEvent {
        @Override
        public String toString() {
            return "slot " + slot + " stays down: " + restarts + (restarts == 1 ? " restart" : " restarts") + " within "
                    + Quantities.text(within) + ", the last reason: " + last.reason();
        }
    }

    /**
     * The class loader of an ended worker is still reachable, although collections that unload classes have passed
     * since its end.
     *
     * @param path a shortest path from a static field or a live thread to the class loader or an object of its classes,
     *        as in
     *        {@code static com.example.Shared.LISTENERS (java.util.ArrayList) -> elementData (java.lang.Object[]) -> [0] (com.example.App$Listener)};
     *        or the reason why none was found. The search follows neither stacks nor native code, and stops after some
     *        million objects
     */
    record LoaderLeaked(Instant at, Worker worker, String path) implements ClusterEvent {
        @Override
        public String toString() {
            return label(worker) + " has left its class loader behind: " + path;
        }
    }

    private static String label(Worker worker) {
        return "worker " + worker.id() + " (slot " + worker.slot() + ")";
    }
}
