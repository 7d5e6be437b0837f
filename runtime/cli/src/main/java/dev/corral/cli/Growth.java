package dev.corral.cli;

import dev.corral.cli.Peaks.Peak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides when peaks are worth a line: when the highest one is more than half as high again as the last that was told. At most once a minute, and
 * not before the start is over, when all grows. Not thread-safe.
 */
final class Growth {
    static final Duration START = Duration.ofSeconds(10);
    static final Duration AT_MOST_EVERY = Duration.ofMinutes(1);
    private static final double FACTOR = 1.5;

    private long notBeforeNanos;
    private long toldLive;
    private long toldMetaspace;

    Growth(long startNanos) {
        notBeforeNanos = startNanos + START.toNanos();
    }

    /** The line, if there is one to tell now. */
    Optional<String> look(List<Peak> peaks, long nowNanos) {
        OptionalLong live = Advice.highest(peaks, Peak::liveBytes);
        OptionalLong metaspace = Advice.highest(peaks, Peak::metaspaceBytes);
        if (nowNanos - notBeforeNanos < 0 || !(hasGrown(live, toldLive) || hasGrown(metaspace, toldMetaspace))) {
            return Optional.empty();
        }
        notBeforeNanos = nowNanos + AT_MOST_EVERY.toNanos();
        toldLive = live.orElse(0);
        toldMetaspace = metaspace.orElse(0);
        List<String> figures = new ArrayList<>();
        live.ifPresent(bytes -> figures.add(Advice.figure(bytes) + " live"));
        metaspace.ifPresent(bytes -> figures.add(Advice.figure(bytes) + " of metaspace"));
        return Optional.of("the most of any worker so far: " + String.join(", ", figures));
    }

    private static boolean hasGrown(OptionalLong now, long told) {
        return now.isPresent() && now.getAsLong() > FACTOR * told;
    }
}
