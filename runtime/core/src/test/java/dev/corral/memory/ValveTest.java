package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Up to 800 of 1000 bytes. */
class ValveTest {
    private final Valve valve = new Valve(0.8, 1000);

    @Test
    void shouldLetFewerInTheFullerTheHeapIs() {
        assertEquals(13, valve.check(0, 0));
        assertEquals(7, valve.check(1, 400));
        assertEquals(1, valve.check(2, 799));
        assertEquals(0, valve.check(3, 800));
    }

    @Test
    void shouldNotBeClosedForLong() {
        long start = Long.MAX_VALUE - 3; // the clock may overflow
        assertEquals(0, valve.check(start, 900));
        assertEquals(0, valve.check(start + Valve.LONGEST_NANOS - 1, 900));
        assertEquals(1, valve.check(start + Valve.LONGEST_NANOS, 900));
        assertEquals(1, valve.check(start + Valve.LONGEST_NANOS + 1, 900));
        assertEquals(2, valve.check(start + Valve.LONGEST_NANOS + 2, 700));
        assertEquals(0, valve.check(start + Valve.LONGEST_NANOS + 3, 900));
    }
}
