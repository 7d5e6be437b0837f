package dev.corral.worker;

import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

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
    WorkerFigures facts();

    /** Its ports of now. Any thread. */
    List<OpenPort> openPorts();

    /** To send it messages. */
    WorkerEndpoint side();

    /** See {@link dev.corral.Worker#connections}. Any thread; cheap, for balancers. */
    int connections();

    /** See {@link dev.corral.Worker#busy}. Any thread; cheap, for balancers. */
    double busy();

    /**
     * A port that its program has bound and not closed.
     *
     * @param openedNanos when it was bound, by {@link System#nanoTime}
     * @param isServed whether the program has asked for connections of it since then
     * @param mayBeShared whether another worker can listen on the same address at the same time
     */
    record OpenPort(SocketAddress address, long openedNanos, boolean isServed, boolean mayBeShared) {}
}
