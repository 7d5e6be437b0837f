package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private final AdaptiveSpin spin = new AdaptiveSpin();
    private int looks;

    private boolean look(boolean result) {
        looks++;
        return result;
    }

    private void awaitUntilItLooks() {
        while (looks == 0) {
            spin.await(() -> look(true));
        }
    }

    @Test
    void shouldHardlyLookAtFirst() {
        for (int i = 1; i < 32; i++) {
            assertFalse(spin.await(() -> look(true)), "it parks without a look");
        }
        assertEquals(0, looks);
        assertTrue(spin.await(() -> look(true)), "this one tries");
        assertEquals(1, looks);
    }

    @Test
    void shouldLookAtOnceWhereThatHasPaid() {
        awaitUntilItLooks();
        for (int i = 0; i < 100; i++) {
            assertTrue(spin.await(() -> look(true)));
        }
    }

    @Test
    void shouldGiveUpWhereItDoesNotPay() {
        awaitUntilItLooks();
        for (int i = 0; i < 10; i++) {
            assertFalse(spin.await(() -> look(false)));
        }
        looks = 0;
        assertFalse(spin.await(() -> look(true)), "it parks without a look");
        assertEquals(0, looks);
    }

    /** 50 microseconds have room for three pauses of 20, the last of which ends after them. */
    @Test
    void shouldPauseBeforeEachLook() {
        var pausing = new AdaptiveSpin(20_000);
        for (int i = 1; i < 32; i++) {
            pausing.await(() -> look(true));
        }
        assertFalse(pausing.await(() -> look(false)));
        assertTrue(looks <= 3, looks + " looks");
    }
}
