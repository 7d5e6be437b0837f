package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StandstillTest {
    private static final long WINDOW = Standstill.WINDOW_NANOS;

    private final Standstill standstill = new Standstill();
    private long nowNanos = Long.MAX_VALUE - 3;
    private long collecting = 12;

    private boolean after(long nanos, long collectingNanos) {
        nowNanos += nanos;
        collecting += collectingNanos;
        return standstill.check(nowNanos, collecting);
    }

    @Test
    void shouldFindThatCollectionsTakeMostOfTheTime() {
        assertFalse(after(0, 0));
        assertFalse(after(WINDOW - 1, WINDOW - 1)); // too short to tell
        assertTrue(after(1, 1));
        assertTrue(after(WINDOW, WINDOW));
        assertFalse(after(2 * WINDOW, 0));
    }

    @Test
    void shouldNotFindItBelowHalf() {
        after(0, 0);
        for (int i = 0; i < 100; i++) {
            assertFalse(after(WINDOW / 10, WINDOW / 20 - 1));
        }
    }

    /** The guard itself hardly runs then. */
    @Test
    void shouldFindItHoweverRarelyItIsAsked() {
        after(0, 0);
        assertTrue(after(100 * WINDOW, 51 * WINDOW));
        assertTrue(after(100 * WINDOW, 99 * WINDOW));
    }

    @Test
    void shouldForgetWhatWasActedUpon() {
        after(0, 0);
        assertTrue(after(WINDOW, WINDOW));
        standstill.begin(nowNanos, collecting);
        assertFalse(after(WINDOW / 2, WINDOW / 2));
        assertTrue(after(WINDOW / 2, WINDOW / 2));
    }
}
