package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience();
    private int looks;

    private boolean look(boolean result) {
        looks++;
        return result;
    }

    private void awaitUntilItLooks() {
        while (looks == 0) {
            patience.await(() -> look(true));
        }
    }

    @Test
    void shouldHardlyLookAtFirst() {
        for (int i = 1; i < 32; i++) {
            assertFalse(patience.await(() -> look(true)), "it parks without a look");
        }
        assertEquals(0, looks);
        assertTrue(patience.await(() -> look(true)), "this one tries");
        assertEquals(1, looks);
    }

    @Test
    void shouldLookAtOnceWhereThatHasPaid() {
        awaitUntilItLooks();
        for (int i = 0; i < 100; i++) {
            assertTrue(patience.await(() -> look(true)));
        }
    }

    @Test
    void shouldGiveUpWhereItDoesNotPay() {
        awaitUntilItLooks();
        for (int i = 0; i < 10; i++) {
            assertFalse(patience.await(() -> look(false)));
        }
        looks = 0;
        assertFalse(patience.await(() -> look(true)), "it parks without a look");
        assertEquals(0, looks);
    }

    /** 50 microseconds have room for three pauses of 20, the last of which ends after them. */
    @Test
    void shouldPauseBeforeEachLook() {
        var pausing = new Patience(20_000);
        for (int i = 1; i < 32; i++) {
            pausing.await(() -> look(true));
        }
        assertFalse(pausing.await(() -> look(false)));
        assertTrue(looks <= 3, looks + " looks");
    }
}
