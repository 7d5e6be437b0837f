package dev.corral.worker;

import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * One run of the program: the commands that the master gives it, and its figures. The commands return at once, and only
 * the master's thread calls them. {@link Reports} receives the outcome of each. The commands that end it come in the
 * order {@link #drain}, {@link #stop}, {@link #kill}, each at most once, and each may be left out. Any thread may call
 * the methods from {@link #facts} on.
 */
public interface Incarnation {
    /** Enters the program. */
    void start();

    /** Starts or stops the flow of connections to it. */
    void admit(boolean admit);

    /**
     * Begins to watch it, until its end begins. Called once.
     *
     * @param overdue whether its start deadline has passed although it has not reported that it is ready; then
     *        {@link Reports#silent} is called for that reason alone
     */
    void watch(boolean overdue);

    /** Ends the flow of new connections; requests in flight may finish. {@link Reports#drained} follows. */
    void drain();

    /**
     * Cuts it off, runs its shutdown hooks, and then ends its threads within {@code kill}. {@link Reports#ended}
     * follows.
     */
    void stop(Duration kill);

    /** Cuts it off and ends its threads within the deadline. {@link Reports#ended} follows. */
    void kill(Duration deadline);

    /** Returns its current figures. Lists all threads of the JVM, and may stop the JVM for a moment. */
    WorkerFigures facts();

    /** Returns the ports that its program has bound. Any thread may call this. */
    List<OpenPort> openPorts();

    /** Returns the endpoint that receives its messages. */
    WorkerEndpoint endpoint();

    /**
     * Returns the figure of {@link dev.corral.Worker#connections}. Any thread may call this. Cheap, because balancers
     * use it.
     */
    int connections();

    /**
     * Returns the figure of {@link dev.corral.Worker#busy}. Any thread may call this. Cheap, because balancers use it.
     */
    double busy();

    /**
     * A port that its program has bound and not closed.
     *
     * @param openedNanos the time of the bind, as of {@link System#nanoTime}
     * @param isServed whether the program has asked for connections of the port since then
     * @param mayBeShared whether another worker can listen on the same address at the same time
     */
    record OpenPort(SocketAddress address, long openedNanos, boolean isServed, boolean mayBeShared) {}
}
