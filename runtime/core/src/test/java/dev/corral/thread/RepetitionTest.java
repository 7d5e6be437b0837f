package dev.corral.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private static final Pattern COUNT = Pattern.compile("\\(\\.\\.\\. (\\d+) more times? in the last (\\d+) s\\)");

    private final List<String> lines = new ArrayList<>();
    private long nanos;
    private final Repetition repetition = new Repetition(nanos);

    private void add(@Nullable LogLine line) {
        if (line != null) {
            lines.add(line.text());
        }
    }

    /** Fails this often, once in each period. */
    private void fail(int times, Duration period) {
        for (int i = 0; i < times; i++) {
            add(repetition.next(Level.WARNING, "accept failed", new IOException("full"), nanos));
            nanos += period.toNanos();
        }
    }

    private long counted() {
        return lines.size() + lines.stream().map(COUNT::matcher).filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }

    @Test
    void shouldWriteAFloodAtAFallingRate() {
        fail(3 * 60_000, Duration.ofMillis(1));
        add(repetition.summary(nanos, true));
        assertTrue(lines.size() < 3 + 6 + 3 + 1, lines::toString);
        assertEquals(3 * 60_000, counted() - 1); // the last line stands for those left out only
        assertTrue(lines.getLast().startsWith("accept failed: java.io.IOException: full (... "), lines::toString);
        assertTrue(lines.get(lines.size() - 2).endsWith("in the last 60 s)"), lines::toString);
    }

    @Test
    void shouldWriteEachOfThoseThatAreRare() {
        fail(100, Duration.ofSeconds(2));
        assertEquals(100, lines.size());
    }

    @Test
    void shouldReportThoseLeftOutWhenNoneFollows() {
        fail(10, Duration.ZERO);
        assertEquals(Repetition.FULL, lines.size());
        assertNull(repetition.summary(nanos, false));
        nanos += Repetition.FIRST_NANOS;
        LogLine line = repetition.summary(nanos, false);
        assertNotNull(line);
        assertEquals("accept failed: java.io.IOException: full (... 7 more times in the last 1 s)", line.text());
        assertEquals(Level.WARNING, line.level());
        assertNull(repetition.summary(nanos + Repetition.LONGEST_NANOS, true));
    }

    @Test
    void shouldBeginAgainAfterAQuietMinute() {
        fail(1000, Duration.ofMillis(1));
        add(repetition.summary(nanos, true));
        nanos += Repetition.LONGEST_NANOS;
        assertTrue(repetition.isOver(nanos));
        LogLine line = repetition.next(Level.WARNING, "accept failed", new IOException("full"), nanos);
        assertNotNull(line);
        assertNotNull(line.thrown());
    }
}
