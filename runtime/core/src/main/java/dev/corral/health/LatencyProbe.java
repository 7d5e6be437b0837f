package dev.corral.health;

import dev.corral.WorkerStats.Heartbeat;
import dev.corral.carrier.Scheduler;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * How long a task that does nothing waits for a carrier and runs: what a virtual thread that has become runnable has to wait. One at a
 * time is under way; none is sent where there is no carrier, and few to carriers that do nothing else. In microseconds, two digits
 * exact.
 */
public final class LatencyProbe {
    private static final int DIGITS = 2;
    /** From one ping to the next of a worker that does nothing, in looks: a thousand of those would keep a machine awake. */
    private static final int IDLE_LOOKS = 10;
    /** By which a ping raises the position of its carrier. */
    private static final int BOUNDARIES = 2;

    private final Scheduler scheduler;
    // Owned by the watchdog's thread.
    private long lastPositions;
    private boolean sentAtLast;
    private int looks;
    /** Guarded by the monitor; null before the first. */
    private @Nullable IntCountsHistogram micros;
    /** Guarded by the monitor. */
    private boolean underWay;

    public LatencyProbe(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * One look of the watchdog: sends one if none is under way and the carriers have done anything but the last one, or have done nothing
     * for long.
     *
     * @param positions of all carriers, added up
     * @return whether it did
     */
    boolean look(long positions) {
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
     * What has been measured.
     *
     * @param missed heartbeats missed in a row
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
