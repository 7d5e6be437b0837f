package dev.corral;

import static java.util.Objects.requireNonNull;

import dev.corral.text.Checks;
import dev.corral.text.Quantities;
import java.time.Duration;

/**
 * How long a worker may be silent. The watchdog checks each worker once per interval. A worker <i>misses</i> a check
 * if, for the whole interval before it, one of its carriers was inside the same task, or one of its platform threads
 * did nothing but use CPU time. A worker that misses {@code missed} checks in a row is a zombie: it is killed, and its
 * slot restarts as after a crash. A worker does not miss a check while it loads classes, waits for something else, or
 * gets no CPU time from the machine.
 *
 * <p>Checks begin when the worker is ready, or when {@code startDeadline} has passed.
 *
 * <p><b>A server that accepts no connections</b> also misses a check, if a connection waited for the whole interval.
 * This does not prove a fault: a server without an executor accepts nothing while it answers one long request, and
 * Corral cannot distinguish this from a server that waits for ever. Such a worker is therefore not killed. After its
 * first missed check it receives no new connections to that port until its server asks for one again. Waiting
 * connections go to other workers whose servers ask for some. The other ports of the worker are served as before. There
 * are two exceptions. A worker with threads that wait for each other (a deadlock that the JVM can detect) is a zombie
 * after {@code missed} checks. If {@code notServing} is set, any worker is a zombie once a connection has waited for
 * that time.
 *
 * @param interval the time between two checks; 1 ms to 1 h, or 0 for no checks
 * @param missed the number of missed checks in a row that make a worker a zombie; 1 to 1000
 * @param startDeadline the time, from the fork on, after which a worker that is not ready is checked as well. A worker
 *        that must call {@link WorkerContext#ready} ({@link ClusterConfig#withReadySignal}) and has not done so by then
 *        is a zombie. A worker that fails before it has lived for this time is a failed start: see
 *        {@link RestartPolicy}. 1 ms and up
 * @param underDebugger whether workers are killed in a JVM that a debugger may attach to (JDWP); a worker at a
 *        breakpoint is silent as well
 * @param notServing how long a server may accept no connection while one waits, before its worker is a zombie; 1 ms and
 *        up, or 0 for no limit. Choose a time that is longer than {@code missed} checks, and longer than the longest
 *        request if the server accepts and answers on one thread
 */
public record HeartbeatPolicy(Duration interval, int missed, Duration startDeadline, boolean underDebugger,
        Duration notServing) {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST = 1000;

    /**
     * A check every second, a zombie after 3 missed checks, 60 s to start, no kill under a debugger, no limit for
     * servers that accept no connections.
     */
    public static final HeartbeatPolicy DEFAULT = new HeartbeatPolicy(Duration.ofSeconds(1), 3, Duration.ofSeconds(60),
            false, Duration.ZERO);
    /** No checks. */
    public static final HeartbeatPolicy OFF = DEFAULT.withInterval(Duration.ZERO);

    /** Creates the record and checks the ranges. */
    public HeartbeatPolicy {
        requireNonNull(interval, "interval");
        if (!interval.isZero() && (interval.compareTo(Checks.SHORTEST) < 0 || interval.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("the heartbeat interval is " + Quantities.text(interval)
                    + "; it must be from 1 ms to 1 h, or 0 for none");
        }
        Checks.check("the number of missed heartbeats", missed, 1, MOST);
        Checks.check("the start deadline", startDeadline, Checks.SHORTEST);
        Checks.checkUnlessZero("the time in which a server must accept a connection", notServing, Checks.SHORTEST,
                "no limit");
    }

    /** Returns the default policy with another interval. */
    public static HeartbeatPolicy every(Duration interval) {
        return DEFAULT.withInterval(interval);
    }

    /** Returns a copy with another interval. */
    public HeartbeatPolicy withInterval(Duration interval) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Returns a copy with another number of missed checks. */
    public HeartbeatPolicy withMissed(int missed) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Returns a copy with another start deadline. */
    public HeartbeatPolicy withStartDeadline(Duration startDeadline) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Returns a copy that sets whether workers are killed in a JVM that a debugger may attach to. */
    public HeartbeatPolicy withUnderDebugger(boolean underDebugger) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Returns a copy with another limit for servers that accept no connection while one waits; 0 for no limit. */
    public HeartbeatPolicy withNotServing(Duration notServing) {
        return new HeartbeatPolicy(interval, missed, startDeadline, underDebugger, notServing);
    }

    /** Returns whether workers are checked. */
    public boolean isOn() {
        return !interval.isZero();
    }
}
