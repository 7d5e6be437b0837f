package dev.corral.report;

import dev.corral.Autopsy;
import dev.corral.ExitReason;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What an incarnation tells. Called on any thread; must return at once. */
public interface Reports {
    /** The program has been entered. */
    void online();

    /** It has got a share of a port. */
    void listening(InetSocketAddress address);

    /** It asks for connections of a port that it has got a share of, for the first time. */
    void serving(InetSocketAddress address);

    /** It has said that it is ready. */
    void readySignalled();

    /** It has been silent for so many looks in a row, under {@link dev.corral.HeartbeatPolicy}. */
    void missed(int missed, Duration silence);

    /** One of its servers has taken no connection for so many looks in a row, although one waits. It may be busy with a long request. */
    void stalled(int missed, Duration silence);

    /** After {@link #missed}: it moves again. */
    void moving();

    /** It has been silent for too long, or is not ready in time. It is watched no more. */
    void silent(Autopsy autopsy);

    /**
     * It has too much memory; told again and again while it has.
     *
     * @param now whether there is no time for a replacement: it is to be killed
     */
    void overMemory(ExitReason.OverMemory reason, boolean now);

    /** It has too many threads, and is to be killed. */
    void overThreads(ExitReason.OverThreads reason);

    /** It wants to be drained and to end, voluntarily. */
    void leaving();

    /**
     * It ends by itself, or has crashed.
     *
     * @param halt whether its shutdown hooks are passed over
     */
    void exiting(ExitReason reason, boolean halt);

    /** After {@code Incarnation.drain}: nothing is under way any more. */
    void drained();

    /**
     * After {@code Incarnation.stop}: its shutdown hooks have run, or were passed over, and its threads are being ended. That takes
     * no longer than the deadline that it was given for it, and the time that a busy machine takes.
     */
    void stopped();

    /** It is gone; what is left of it. The last report. */
    void ended(EndedWorker remains);
}
