package dev.corral.worker;

import dev.corral.carrier.Scheduler;
import java.time.Duration;
import java.util.Optional;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * How long a task that does nothing waits for a carrier and runs: what a virtual thread that has become runnable has to wait. One at a
 * time is under way; none is sent where there is no carrier. In microseconds, two digits exact.
 */
final class Pings {
    private static final int DIGITS = 2;

    private final Scheduler scheduler;
    /** Guarded by the monitor; null before the first. */
    private @Nullable IntCountsHistogram micros;
    /** Guarded by the monitor. */
    private boolean underWay;

    Pings(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Sends one if none is under way. */
    void send() {
        synchronized (this) {
            if (underWay || !scheduler.isRunning()) {
                return;
            }
            underWay = true;
        }
        long sentNanos = System.nanoTime();
        scheduler.execute(() -> record(System.nanoTime() - sentNanos));
    }

    private synchronized void record(long nanos) {
        underWay = false;
        if (micros == null) {
            micros = new IntCountsHistogram(DIGITS);
        }
        micros.recordValue(nanos / 1000);
    }

    synchronized Incarnation.Latency latency() {
        return micros == null ? Incarnation.Latency.NONE
                : new Incarnation.Latency(duration(micros.getValueAtPercentile(50)),
                        duration(micros.getValueAtPercentile(99)), duration(micros.getMaxValue()));
    }

    private static Optional<Duration> duration(long micros) {
        return Optional.of(Duration.ofNanos(micros * 1000));
    }
}
