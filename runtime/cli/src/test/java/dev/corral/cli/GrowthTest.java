package dev.corral.cli;

import static dev.corral.cli.Observed.megabytes;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.cli.Peaks.Peak;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrowthTest {
    /** Clocks may be negative, and overflow. */
    private static final long START = Long.MAX_VALUE - 5;

    private final Growth growth = new Growth(START);

    private Optional<String> at(int seconds, long live, long metaspace) {
        return growth.check(List.of(new Peak(0, megabytes(live), megabytes(metaspace), 0),
                new Peak(1, megabytes(1), megabytes(-1), 0)), START + Duration.ofSeconds(seconds).toNanos());
    }

    private static Optional<String> line(String figures) {
        return Optional.of("peak so far, per worker: " + figures);
    }

    @Test
    void shouldTellNothingDuringTheStartAndTheHighestAfterIt() {
        assertEquals(Optional.empty(), at(9, 100, 40));
        assertEquals(line("100m live, 40m metaspace"), at(10, 100, 40));
    }

    @Test
    void shouldTellAgainWhenOneHasGrownByMoreThanAHalf() {
        assertEquals(line("100m live, 40m metaspace"), at(10, 100, 40));
        assertEquals(Optional.empty(), at(100, 150, 60));
        assertEquals(line("151m live, 60m metaspace"), at(110, 151, 60));
        assertEquals(line("160m live, 91m metaspace"), at(200, 160, 91));
    }

    @Test
    void shouldTellAtMostOnceAMinute() {
        assertEquals(line("100m live, 40m metaspace"), at(10, 100, 40));
        assertEquals(Optional.empty(), at(69, 1000, 40));
        assertEquals(line("1000m live, 40m metaspace"), at(70, 1000, 40));
    }

    @Test
    void shouldTellWhatIsKnownAndNothingElse() {
        var unknown = new Peak(0, megabytes(-1), megabytes(-1), 0);
        long later = START + Duration.ofHours(1).toNanos();
        assertEquals(Optional.empty(), growth.check(List.of(), later));
        assertEquals(Optional.empty(), growth.check(List.of(unknown), later));
        assertEquals(line("40m metaspace"),
                growth.check(List.of(unknown, new Peak(1, megabytes(-1), megabytes(40), 0)), later));
    }
}
