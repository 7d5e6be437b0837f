package dev.corral.hotspot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("c2")
class SuspendSignalTest {
    @ParameterizedTest
    @ValueSource(strings = {"13", "40", "64"})
    void shouldSeeThatSigusr2IsFree(String value) {
        assertTrue(SuspendSignal.isOther(value));
    }

    /** SIGUSR2 is 12; up to SIGSEGV, and from 65 on, HotSpot passes the value over. */
    @ParameterizedTest
    @ValueSource(strings = {"", "12", "11", "65", "-40", "USR1", "4000000000"})
    void shouldSeeThatSigusr2IsHotSpotsOwn(String value) {
        assertFalse(SuspendSignal.isOther(value));
    }

    @Test
    void shouldSeeThatSigusr2IsHotSpotsOwnByDefault() {
        assertFalse(SuspendSignal.isOther(null));
    }
}
