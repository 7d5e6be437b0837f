package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GrowthTest {
    private final Growth growth = new Growth(100);

    private void check(long nanos, long value) {
        growth.check(Long.MAX_VALUE - 3 + nanos, value); // the clock may overflow
    }

    @Test
    void shouldCompareWithALookOfOneToTwoWindowsBefore() {
        check(0, 10);
        assertFalse(growth.isKnown());
        check(99, 15);
        assertFalse(growth.isKnown());
        check(100, 20);
        assertTrue(growth.isKnown());
        assertEquals(10, growth.grown());
        check(150, 50);
        assertEquals(40, growth.grown());
        assertEquals(150, growth.nanos());
        check(200, 60);
        assertEquals(40, growth.grown()); // since the look at 100
        assertEquals(100, growth.nanos());
    }

    @Test
    void shouldForgetWhatWasBefore() {
        check(0, 10);
        check(100, 20);
        growth.begin(Long.MAX_VALUE - 3 + 150, 30);
        assertFalse(growth.isKnown());
        check(200, 40);
        assertFalse(growth.isKnown());
        check(250, 50);
        assertEquals(20, growth.grown());
    }
}
