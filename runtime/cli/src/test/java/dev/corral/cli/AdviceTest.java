package dev.corral.cli;

import static dev.corral.cli.Observed.MB;
import static dev.corral.cli.Observed.megabytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.cli.Peaks.Peak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdviceTest {
    private static final String EARLY =
            "these figures are preliminary: observe the program for at least 60 s and 10 collections, under its usual load";
    private static final String NO_METASPACE = "no figure for --max-metaspace: metaspace was never known";

    private static Advice.Facts facts(Duration observed, long collections) {
        return new Advice.Facts(observed, collections, 0, 0.85, 4096 * MB, Optional.empty());
    }

    private static Peak peak(int slot, long live, long metaspace, long allocated) {
        return new Peak(slot, megabytes(live), megabytes(metaspace), allocated * MB);
    }

    /** Megabytes; negative: not known. */
    @ParameterizedTest
    @CsvSource({"120, 40, 60, --max-live 180m --max-metaspace 60m", "118, 38, 60, --max-live 180m --max-metaspace 57m",
            "121, 1, 60, --max-live 190m --max-metaspace 16m", "1, 5000, 60, --max-live 16m --max-metaspace 7500m",
            "20000, 40, 60, --max-live 30g --max-metaspace 60m", "-1, 40, 60, --max-metaspace 60m",
            "120, -1, 60, --max-live 180m", "-1, -1, 60, ''"})
    void shouldAdviseTheHighestPeakAndHalfAsMuchAgain(long live, long metaspace, int seconds, String options) {
        var advice = Advice.of(List.of(peak(0, live / 2, metaspace, 0), peak(1, live, metaspace / 2, 0)),
                facts(Duration.ofSeconds(seconds), 10));
        var unknown = Advice.of(List.of(peak(0, live, metaspace, 0), peak(1, -1, -1, 0)),
                facts(Duration.ofSeconds(seconds), 10));
        if (live > 0 && metaspace > 0) {
            assertEquals(options, advice.options());
        }
        assertEquals(options, unknown.options());
    }

    /** By what both slots have allocated in megabytes; the first of them less. */
    @ParameterizedTest
    @CsvSource({"599, 1000, ''", "600, 1000, --max-allocated 150g", "3600, 1000, --max-allocated 24g",
            "86400, 1000, --max-allocated 1000m", "86400, 1024000000, --max-allocated 980t", "3600, 0, ''"})
    void shouldAdviseWhatTheBusiestWorkerAllocatesInADayIfItIsKnown(int seconds, long allocated, String options) {
        var advice = Advice.of(List.of(peak(0, -1, -1, allocated / 2), peak(1, -1, -1, allocated)),
                facts(Duration.ofSeconds(seconds), 10));
        assertEquals(options, advice.options());
        assertEquals(!options.isEmpty(), advice.notes().stream()
                .anyMatch(note -> note.startsWith("with " + options + " the worker that allocates most is replaced")));
    }

    @ParameterizedTest
    @CsvSource({"59, 10, true", "60, 9, true", "60, 10, false"})
    void shouldSayWhenFiguresAreEarly(int seconds, long collections, boolean early) {
        var advice = Advice.of(List.of(peak(0, 120, 40, 0)), facts(Duration.ofSeconds(seconds), collections));
        assertEquals(early, advice.isEarly());
        assertEquals(early ? List.of(EARLY) : List.of(), advice.notes());
    }

    /** Of a heap of 1000 MB; each worker has 180. */
    @ParameterizedTest
    @CsvSource({"4, 0.85, -1", "5, 0.9, -1", "5, 0.85, 1100", "5, 1, -1", "6, 1, 1100"})
    void shouldSayWhatTheHeapNeedsIfTheyDoNotFit(int workers, double pressure, long heap) {
        List<Peak> peaks = new ArrayList<>();
        for (int slot = 0; slot < workers; slot++) {
            peaks.add(peak(slot, 120, 40, 0));
        }
        var advice = Advice.of(peaks, new Advice.Facts(Duration.ofMinutes(1), 10, 0, pressure, 1000 * MB,
                Optional.empty()));
        assertEquals(heap < 0 ? OptionalLong.empty() : OptionalLong.of(heap * MB), advice.heap());
        String room = pressure < 1 ? "85% (--pressure) of the heap of 1000m" : "the heap of 1000m";
        assertEquals(heap < 0 ? List.of()
                : List.of(workers + " workers with 180m each need more than " + room
                        + "; use a heap of at least 1100m (CORRAL_OPTS=-Xmx1100m) or fewer workers"),
                advice.notes());
    }

    @Test
    void shouldSayWhyThereIsNoFigureAndGiveNone() {
        var unseen = Advice.of(List.of(peak(0, -1, -1, 0)), facts(Duration.ofMinutes(1), 10));
        assertEquals(List.of("no figure for --max-live: live bytes were never known, because no collection has "
                + "examined the workers yet", NO_METASPACE), unseen.notes());
        assertEquals(List.of("memory, observed for 1 min 0 s, with 10 collections:",
                "slot 0: live at most not known, metaspace at most not known, allocates 0 an hour",
                "there is nothing to advise"), unseen.lines().subList(0, 3));
        var absent = Advice.of(List.of(peak(0, -1, 40, 0)), new Advice.Facts(Duration.ofMinutes(1), 10, 0, 0.85, MB,
                Optional.of("this JVM cannot know them")));
        assertEquals(
                List.of("no figure for --max-live: live bytes were never known, because this JVM cannot know them"),
                absent.notes());
    }

    @Test
    void shouldSayThatPeaksInAShortHeapAreNoMeasure() {
        var advice = Advice.of(List.of(peak(0, 120, 40, 0)), new Advice.Facts(Duration.ofMinutes(1), 10, 2, 0.85,
                4096 * MB, Optional.empty()));
        assertEquals(
                List.of("2 workers had to be replaced because the heap was short; peaks in a short heap are not "
                        + "representative"),
                advice.notes());
    }

    @Test
    void shouldTellItAllInLines() {
        var advice = Advice.of(List.of(peak(0, 118, 38, 88_000), peak(1, 120, 37, 90_000)),
                facts(Duration.ofMinutes(125), 153));
        assertEquals(List.of("memory, observed for 2 h 5 min, with 153 collections:",
                "slot 0: live at most 118m, metaspace at most 38m, allocates 42g an hour",
                "slot 1: live at most 120m, metaspace at most 37m, allocates 43g an hour",
                "set --max-live 180m --max-metaspace 57m --max-allocated 1100g",
                "with --max-allocated 1100g the worker that allocates most is replaced about once a day; omit the option if "
                        + "nothing leaks"),
                advice.lines());
    }

    /** What is advised can be given. */
    @Test
    void shouldAdviseWhatTheCommandReads() {
        var sizes = new Sizes();
        for (long live = 1; live < 1L << 50; live = live * 3 + 1) {
            var peak = new Peak(0, OptionalLong.of(live), OptionalLong.empty(), 0);
            var advice = Advice.of(List.of(peak), facts(Duration.ofMinutes(1), 10));
            long limit = sizes.convert(advice.options().substring("--max-live ".length()));
            assertEquals(limit, advice.maxLive().orElseThrow());
            assertTrue(limit >= live * 1.5 && (limit == 16 << 20 || limit <= live * 1.5 * 1.1), advice.options());
        }
    }
}
