package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rounds of the watchdog: which of them count, and how much of their time the workers could use. */
class RoundTest extends MonitorFixture {
    @Test
    void shouldCountARoundThatComesInTime() {
        assertTrue(Round.after(nowNanos, nowNanos + INTERVAL + INTERVAL / 2, 0, INTERVAL).counts());
        assertFalse(Round.after(nowNanos, nowNanos + INTERVAL + INTERVAL / 2 + 1, 0, INTERVAL).counts());
        assertTrue(Round.after(nowNanos, nowNanos + 6 * MILLI, 0, MILLI).counts());
        assertFalse(Round.after(nowNanos, nowNanos + 6 * MILLI + 1, 0, MILLI).counts());
    }

    @Test
    void shouldTakeOffWhatCollectionsHaveStopped() {
        assertEquals(new Round(nowNanos + INTERVAL, INTERVAL - 30 * MILLI, true),
                Round.after(nowNanos, nowNanos + INTERVAL, 30 * MILLI, INTERVAL));
        assertEquals(new Round(nowNanos + INTERVAL, 0, true),
                Round.after(nowNanos, nowNanos + INTERVAL, INTERVAL + MILLI, INTERVAL)); // the time of collections is counted in milliseconds, so it can exceed the interval
    }
}
