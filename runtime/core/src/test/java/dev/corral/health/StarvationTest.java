package dev.corral.health;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StarvationTest {
    @Test
    void shouldCallStarvedWhatHasWaitedForAProcessor() {
        assertTrue(Starvation.isStarved(50, 21, false, 100));
        assertFalse(Starvation.isStarved(50, 20, false, 100));
    }

    /**
     * A server's thread that has work and is not given a processor for all of the time seems to have waited for none.
     */
    @Test
    void shouldCallStarvedWhatStillWaitsForAProcessor() {
        assertTrue(Starvation.isStarved(0, 0, true, 100));
        assertTrue(Starvation.isStarved(49, 0, true, 100));
    }

    @Test
    void shouldNotCallStarvedWhatRunsOrRests() {
        assertFalse(Starvation.isStarved(100, 0, true, 100));
        assertFalse(Starvation.isStarved(50, 0, true, 100));
        assertFalse(Starvation.isStarved(0, 0, false, 100));
    }
}
