package dev.corral.worker;

import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.mailbox.MessageHub;
import dev.corral.report.Reports;
import java.time.Duration;
import java.util.Map;

/** Makes the incarnations of one cluster, and keeps what they have in common. */
public interface Incarnations {
    /**
     * Makes one, to be started.
     *
     * @param worker as its output is labelled; its id and slot are known, nothing else is asked of it
     * @param env its variables over those of the JVM
     */
    Incarnation create(Worker worker, Program program, Map<String, String> env, Reports reports);

    /** By which its members and the master send each other messages. */
    MessageHub post();

    /** Lets go of the code of all other programs: no worker runs them any more, or will. */
    void forgetAllBut(Program program);

    /** Closes ports that no worker has; called when none will come any more. */
    void closeUnusedPorts();

    /**
     * Stops listening until a worker binds again, before the last incarnations are to go. They still get the connections that have come. May
     * be called again.
     */
    void suspendPorts();

    /** Stops listening, for good, before all incarnations are to go. They still get the connections that have come. */
    void closePorts();

    /**
     * Waits, at most so long, until the output sink has taken all lines that workers have printed.
     *
     * @return whether it has
     */
    boolean awaitOutput(Duration atMost) throws InterruptedException;

    /** After the last incarnation has ended. Lines of output that the sink has not taken are lost. */
    void close();
}
