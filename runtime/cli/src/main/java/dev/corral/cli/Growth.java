package dev.corral.cli;

import dev.corral.cli.Peaks.Peak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides when a new peak is reported: when it is more than half higher than the peak that was reported last. Reports
 * at most once a minute, and not during the start, when everything grows. Not thread-safe.
 */
final class Growth {
    static final Duration START = Duration.ofSeconds(10);
    static final Duration AT_MOST_EVERY = Duration.ofMinutes(1);
    private static final double FACTOR = 1.5;

    private long notBeforeNanos;
    private long reportedLive;
    private long reportedMetaspace;

    Growth(long startNanos) {
        notBeforeNanos = startNanos + START.toNanos();
    }

    /**
     * Returns the line to report now; empty if there is none.
     *
     * @param nowNanos the time, as of {@link System#nanoTime}
     */
    Optional<String> check(List<Peak> peaks, long nowNanos) {
        OptionalLong live = Advice.highest(peaks, Peak::liveBytes);
        OptionalLong metaspace = Advice.highest(peaks, Peak::metaspaceBytes);
        if (nowNanos - notBeforeNanos < 0
                || !(hasGrown(live, reportedLive) || hasGrown(metaspace, reportedMetaspace))) {
            return Optional.empty();
        }
        notBeforeNanos = nowNanos + AT_MOST_EVERY.toNanos();
        reportedLive = live.orElse(0);
        reportedMetaspace = metaspace.orElse(0);
        List<String> figures = new ArrayList<>();
        live.ifPresent(bytes -> figures.add(Advice.figure(bytes) + " live"));
        metaspace.ifPresent(bytes -> figures.add(Advice.figure(bytes) + " metaspace"));
        return Optional.of("peak so far, per worker: " + String.join(", ", figures));
    }

    private static boolean hasGrown(OptionalLong now, long reported) {
        return now.isPresent() && now.getAsLong() > FACTOR * reported;
    }
}
