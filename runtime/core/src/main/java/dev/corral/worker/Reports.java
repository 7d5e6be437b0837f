package dev.corral.worker;

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

    /** It has said that it is ready. */
    void readySignalled();

    /** It has been silent for so many looks in a row, under {@link dev.corral.HeartbeatPolicy}. */
    void missed(int missed, Duration silence);

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

    /** After {@link Incarnation#drain}: nothing is under way any more. */
    void drained();

    /** It is gone; what is left of it. The last report. */
    void ended(Remains remains);
}
