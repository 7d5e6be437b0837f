package dev.corral.bench.compare.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.bench.compare.report.Target.AtMost;
import dev.corral.bench.compare.report.Target.TimesPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Figure TIME = new Figure("time", Unit.MILLIS, new AtMost(5));
    private static final Figure RATE = new Figure("rate", Unit.PER_SECOND, new TimesPeer(2, "Other"));

    private static final Subject ROW = new Subject() {
        @Override
        public String id() {
            return "row";
        }

        @Override
        public String title() {
            return "A row";
        }

        @Override
        public String method(Effort effort) {
            return "How it is measured.";
        }

        @Override
        public List<Figure> figures() {
            return List.of(TIME, RATE);
        }

        @Override
        public int rounds(Effort effort) {
            return 3;
        }

        @Override
        public Optional<String> reference() {
            return Optional.of("Other");
        }
    };

    private static Report report(Optional<String> note) {
        var own = new Section.Cell("Own", Map.of(TIME, List.of(4.0, 6.0, 5.0), RATE, List.of(100.0)), Optional.empty());
        var other = new Section.Cell("Other", Map.of(RATE, List.of(80.0)), note);
        return new Report("Own", Effort.QUICK, Instant.EPOCH, Duration.ofSeconds(61), Map.of("JDK", "25"),
                List.of(new Participant("Own", "what it is", "`own PORT`")),
                List.of(new Section(ROW, Optional.empty(), 2, 0, 0, List.of(own, other))));
    }

    @Test
    void shouldShowMediansRatiosAndTargets() {
        String page = report(Optional.empty()).markdown();
        for (String line : List.of("# Own beside its peers", "| Own | 5 (4-6) | 100 |", "| Other | - | 80 |",
                "| Own / Other | - | 1.25 |", "| A row: time | at most 5 ms | 5 (4-6) | reached |",
                "| A row: rate | at least 2 times Other | 1.25 | missed |", "| Own | what it is | `own PORT` |",
                "| JDK | 25 |")) {
            assertTrue(page.lines().anyMatch(line::equals), line + " is not in\n" + page);
        }
    }

    @Test
    void shouldHoldEachRoundInTheJson() {
        String json = report(Optional.empty()).json().replaceAll("\\s+", " ");
        assertTrue(json.contains("\"rounds\": [4.0, 6.0, 5.0]"), json);
        assertTrue(json.contains("\"text\": \"at most 5 ms\", \"measured\": { \"median\": 5.0,"), json);
    }

    @Test
    void shouldKnowWhetherAContenderFailed() {
        assertFalse(report(Optional.of("skipped: not installed")).hasFailures());
        assertTrue(report(Optional.of("failed: it ended")).hasFailures());
        assertEquals(1, report(Optional.of("failed: it ended")).markdown().lines()
                .filter("| Other | failed: it ended | 80 |"::equals).count());
    }
}
