package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SamplingRateTest {
    private final SamplingRate rate = new SamplingRate(4, 1_000, 0);
    private long samples;
    private long nanos;

    /** A second with so many samples. */
    private int after(int more) {
        samples += more;
        nanos += 1_000_000_000;
        rate.check(samples, nanos);
        return rate.interval();
    }

    @Test
    void shouldTakeTheShortestWhileThatIsCheap() {
        assertEquals(0, after(0));
        assertEquals(0, after(1_000));
    }

    @Test
    void shouldGoAsFarAsItMust() {
        assertEquals(1, after(1_001));
        assertEquals(3, after(15_000));
    }

    @Test
    void shouldKnowNoneAboveTheLongest() {
        assertEquals(3, after(1_000_000));
        assertEquals(3, after(1_000_000));
    }

    @Test
    void shouldGoBackOnlyWhereThatStaysCheap() {
        assertEquals(2, after(10_000));
        assertEquals(2, after(126));
        assertEquals(1, after(120));
        assertEquals(0, after(10));
    }

    @Test
    void shouldWaitForTheEndOfAWindow() {
        assertFalse(rate.check(1_000_000, SamplingRate.WINDOW_NANOS - 1));
        assertEquals(0, rate.interval());
        assertTrue(rate.check(1_000_000, SamplingRate.WINDOW_NANOS));
        assertEquals(3, rate.interval());
    }
}
