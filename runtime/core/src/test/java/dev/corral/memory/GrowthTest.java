package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GrowthTest {
    private final Growth growth = new Growth(100);

    private void look(long nanos, long value) {
        growth.look(Long.MAX_VALUE - 3 + nanos, value); // the clock may overflow
    }

    @Test
    void shouldCompareWithALookOfOneToTwoWindowsBefore() {
        look(0, 10);
        assertFalse(growth.isKnown());
        look(99, 15);
        assertFalse(growth.isKnown());
        look(100, 20);
        assertTrue(growth.isKnown());
        assertEquals(10, growth.grown());
        look(150, 50);
        assertEquals(40, growth.grown());
        assertEquals(150, growth.nanos());
        look(200, 60);
        assertEquals(40, growth.grown()); // since the look at 100
        assertEquals(100, growth.nanos());
    }

    @Test
    void shouldForgetWhatWasBefore() {
        look(0, 10);
        look(100, 20);
        growth.begin(Long.MAX_VALUE - 3 + 150, 30);
        assertFalse(growth.isKnown());
        look(200, 40);
        assertFalse(growth.isKnown());
        look(250, 50);
        assertEquals(20, growth.grown());
    }
}
