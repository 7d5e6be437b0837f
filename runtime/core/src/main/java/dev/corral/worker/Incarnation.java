package dev.corral.worker;

import dev.corral.mailbox.WorkerSide;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One run of the program, with the verbs that the master has for it, and its figures. The verbs return at once, and only the
 * master's thread calls them; {@link Reports} says what came of each. The verbs of the end come in this order, each at most once, and
 * any may be left out. Any thread may call the methods from {@link #facts} on.
 */
public interface Incarnation {
    /** Enters the program. */
    void start();

    /** Lets connections come, or no more. */
    void admit(boolean admit);

    /**
     * Has it watched from now on, until its end begins; once.
     *
     * @param overdue whether it should have said by now that it is ready, which is {@link Reports#silent} by itself
     */
    void watch(boolean overdue);

    /** No new connection comes; what is under way may finish. {@link Reports#drained} when it has. */
    void drain();

    /** Cuts it off, runs its shutdown hooks, then ends its threads, within {@code kill}. {@link Reports#ended} when done. */
    void stop(Duration kill);

    /** Cuts it off and ends its threads, within the deadline. {@link Reports#ended} when done. */
    void kill(Duration deadline);

    /** Its figures of now. Looks at all threads of the JVM, which it may stop for a moment. */
    Facts facts();

    /** Its ports of now. Any thread. */
    List<OpenPort> openPorts();

    /** To send it messages. */
    WorkerSide side();

    /** See {@link dev.corral.Worker#connections}. Any thread; cheap, for balancers. */
    int connections();

    /** See {@link dev.corral.Worker#busy}. Any thread; cheap, for balancers. */
    double busy();

    /**
     * Figures of one moment; see {@link dev.corral.WorkerStats}.
     */
    record Facts(Usage usage, double busy, int virtualThreads, int platformThreads, int connections, long accepted,
            long failed, int mailbox,
            int runQueue, int missed, Latency latency, int unwoven) {
        /** Of a worker that has nothing. */
        public static final Facts NONE = new Facts(Usage.NONE, 0, 0, 0, 0, 0, 0, 0, 0, 0, Latency.NONE, 0);

        /** The same, but that it has used this. */
        Facts with(Usage used) {
            return new Facts(used, busy, virtualThreads, platformThreads, connections, accepted, failed, mailbox,
                    runQueue,
                    missed,
                    latency, unwoven);
        }
    }

    /**
     * A port that its program has bound and not closed.
     *
     * @param openedNanos when it was bound, by {@link System#nanoTime}
     * @param isServed whether the program has asked for connections of it since then
     * @param mayBeShared whether another worker can listen on the same address at the same time
     */
    record OpenPort(SocketAddress address, long openedNanos, boolean isServed, boolean mayBeShared) {}

    /** What it has used up and holds of what is counted. */
    record Usage(Duration cpu, long allocatedBytes, OptionalLong liveBytes, int loadedClasses,
            OptionalLong metaspaceBytes) {
        /** Nothing. */
        public static final Usage NONE = new Usage(Duration.ZERO, 0, OptionalLong.empty(), 0, OptionalLong.empty());
    }

    /** How long a task that does nothing takes; all empty while none has been measured. */
    record Latency(Optional<Duration> p50, Optional<Duration> p99, Optional<Duration> max) {
        /** Nothing measured. */
        public static final Latency NONE = new Latency(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
