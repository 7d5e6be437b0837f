package dev.corral.health;

import dev.corral.WorkerStats.Heartbeat;
import dev.corral.carrier.Scheduler;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long a task that does nothing takes, including its wait for a carrier. A virtual thread that has become
 * runnable waits as long. One task is under way at a time. None is sent while there is no carrier, and few are sent to
 * carriers that are otherwise idle. The results are in microseconds, exact to two digits.
 */
public final class LatencyProbe {
    private static final int DIGITS = 2;
    /**
     * The number of checks from one task to the next for an idle worker: a thousand idle workers would otherwise keep a
     * machine busy.
     */
    private static final int IDLE_LOOKS = 10;
    /** The increase of a carrier's position by one task. */
    private static final int BOUNDARIES = 2;

    private final Scheduler scheduler;
    // Owned by the watchdog's thread.
    private long lastPositions;
    private boolean sentAtLast;
    private int looks;
    /** Guarded by the monitor; null before the first result. */
    private @Nullable IntCountsHistogram micros;
    /** Whether a task is under way. Guarded by the monitor. */
    private boolean underWay;

    public LatencyProbe(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Sends a task, if none is under way and the carriers have run something other than the last task, or have been
     * idle for long. Called by the watchdog's thread at each check.
     *
     * @param positions the sum of the positions of all carriers
     * @return whether it has sent one
     */
    boolean check(long positions) {
        long moved = positions - lastPositions;
        lastPositions = positions;
        boolean idle = moved == 0 || (sentAtLast && moved == BOUNDARIES);
        looks++;
        sentAtLast = (!idle || looks >= IDLE_LOOKS) && send();
        if (sentAtLast) {
            looks = 0;
        }
        return sentAtLast;
    }

    private boolean send() {
        synchronized (this) {
            if (underWay || !scheduler.isRunning()) {
                return false;
            }
            underWay = true;
        }
        long sentNanos = System.nanoTime();
        scheduler.execute(() -> record(System.nanoTime() - sentNanos));
        return true;
    }

    private synchronized void record(long nanos) {
        underWay = false;
        if (micros == null) {
            micros = new IntCountsHistogram(DIGITS);
        }
        micros.recordValue(nanos / 1000);
    }

    /**
     * Returns the results so far.
     *
     * @param missed the checks missed in a row
     */
    public synchronized Heartbeat heartbeat(int missed) {
        return micros == null ? new Heartbeat(missed, Optional.empty(), Optional.empty(), Optional.empty())
                : new Heartbeat(missed, duration(micros.getValueAtPercentile(50)),
                        duration(micros.getValueAtPercentile(99)), duration(micros.getMaxValue()));
    }

    private static Optional<Duration> duration(long micros) {
        return Optional.of(Duration.ofNanos(micros * 1000));
    }
}
