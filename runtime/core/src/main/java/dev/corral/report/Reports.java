package dev.corral.report;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The events of an incarnation, for the master. Any thread calls these methods; they must return at once. */
public interface Reports {
    /** The program has been entered. */
    void online();

    /** The program has bound a port. */
    void listening(InetSocketAddress address);

    /** The program asks for connections of a port for the first time since it has bound the port. */
    void serving(InetSocketAddress address);

    /** The program has reported that it is ready. */
    void readySignalled();

    /** The worker was silent in this number of consecutive checks, under {@link dev.corral.HeartbeatPolicy}. */
    void missed(int missed, Duration silence);

    /**
     * A server of the worker has accepted no connection in this number of consecutive checks, although one waits. The
     * server may be busy with a long request.
     */
    void stalled(int missed, Duration silence);

    /** The worker makes progress again, after {@link #missed}. */
    void moving();

    /** The worker was silent for too long, or is not ready in time. It is no longer watched. */
    void silent(Autopsy autopsy);

    /**
     * The worker uses too much memory. Called repeatedly as long as it does.
     *
     * @param now whether the worker must be killed, because there is no time for a replacement
     */
    void overMemory(ExitReason.OverMemory reason, boolean now);

    /** The worker has too many threads, and must be killed. */
    void overThreads(ExitReason.OverThreads reason);

    /** The worker asks to be drained and to end, voluntarily. */
    void leaving();

    /**
     * The worker ends by itself, or has crashed.
     *
     * @param halt whether its shutdown hooks are skipped
     */
    void exiting(ExitReason reason, boolean halt);

    /** Nothing is in progress any more, after {@code Incarnation.drain}. */
    void drained();

    /**
     * Its shutdown hooks have run or were skipped, after {@code Incarnation.stop}, and its threads are being ended.
     * Ending them takes no longer than the deadline of the stop, plus the delays of a busy machine.
     */
    void stopped();

    /** The worker has ended. This is the last report. */
    void ended(EndedWorker remains);
}
