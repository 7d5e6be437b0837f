package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** A heap of 1000 bytes. */
class RushTest {
    private static final long WINDOW = Rush.WINDOW_NANOS;

    private final Rush rush = new Rush(1000);
    private long nowNanos = Long.MAX_VALUE - 3;

    private long after(long nanos, long bytes) {
        nowNanos += nanos;
        return rush.check(nowNanos, bytes);
    }

    @Test
    void shouldEstimateWhenTheHeapWillBeFull() {
        assertEquals(Rush.NEVER, after(0, 500));
        assertEquals(Rush.NEVER, after(WINDOW - 1, 600)); // too short to tell
        assertEquals(4 * WINDOW, after(1, 600));
        assertEquals(8 * WINDOW, after(2 * WINDOW, 680), 1);
        assertEquals(Rush.NEVER, after(2 * WINDOW, 600));
    }
}
