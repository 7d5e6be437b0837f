package dev.corral.worker;

import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.mailbox.MessageHub;
import dev.corral.report.Reports;
import java.time.Duration;
import java.util.Map;

/** Creates the incarnations of one cluster, and holds the resources that they share. */
public interface Incarnations {
    /**
     * Creates an incarnation; it is not started yet.
     *
     * @param worker labels the output. Only its id and slot are used, because nothing else is known yet
     * @param env variables that are added to those of the JVM, and replace those of the same name
     */
    Incarnation create(Worker worker, Program program, Map<String, String> env, Reports reports);

    /** Returns the hub for messages between the workers and the master. */
    MessageHub messageHub();

    /** Releases the code of all other programs, because no worker runs them any more or will run them. */
    void forgetAllBut(Program program);

    /** Closes the ports in which no worker has a share. Called when no worker will bind them any more. */
    void closeUnusedPorts();

    /**
     * Stops listening until a worker binds again, because the last incarnations will end. They still get the
     * connections that have come. May be called again.
     */
    void suspendPorts();

    /** Stops listening for good, because all incarnations will end. They still get the connections that have come. */
    void closePorts();

    /**
     * Waits until the output sink has taken all lines that workers have printed, but no longer than this time.
     *
     * @return whether it has taken all lines
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    boolean awaitOutput(Duration atMost) throws InterruptedException;

    /**
     * Releases all resources after the last incarnation has ended. Lines of output that the sink has not taken are
     * lost.
     */
    void close();
}
