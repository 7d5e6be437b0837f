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
}
