package dev.corral.port;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void shouldHoldConnectionsBackForAWhileButNotForLong() {
        await().until(() -> {
            Admission.holdFor(Duration.ofHours(1));
            return Admission.isHeld();
        });
        await().until(() -> {
            Admission.holdFor(Duration.ofHours(1)); // does not prolong it
            return !Admission.isHeld();
        });
        await().until(() -> {
            Admission.holdFor(Duration.ofHours(1));
            return Admission.isHeld();
        });
        assertTrue(Admission.isHeld());
        await().until(() -> !Admission.isHeld());
        assertFalse(Admission.isHeld());
    }

    @Test
    void shouldAcceptNoMoreThanTheLimitUntilItIsSetAnew() {
        Duration day = Duration.ofDays(1);
        try {
            Admission.limit(2, day);
            await().until(() -> !Admission.isHeld()); // another test may have held them
            Admission.countAccepted();
            assertFalse(Admission.isHeld());
            Admission.countAccepted();
            assertTrue(Admission.isHeld());
            Admission.limit(1, day);
            assertFalse(Admission.isHeld());
            Admission.limit(0, day);
            assertTrue(Admission.isHeld());
            Admission.limit(0, Duration.ZERO); // is over at once
            assertFalse(Admission.isHeld());
        } finally {
            Admission.limit(Long.MAX_VALUE, day);
        }
        assertFalse(Admission.isHeld());
    }
}
