package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.corral.Autopsy.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a worker is found to accept no connections. */
class PortMonitorTest extends MonitorFixture {
    private final PortMonitor port = new PortMonitor(POLICY);

    /** The worker may be busy with one long request. It is reported as silent, but never condemned. */
    @Test
    void shouldFindAServerThatTakesNothingAndCondemnItForNoTimeUnlessThatIsAskedFor() {
        assertNull(port.check(next(), OptionalLong.of(7), () -> false));
        assertEquals(silence(1, 100, 0, null), port.check(next(), OptionalLong.of(7), () -> false));
        assertEquals(silence(2, 200, 0, null), port.check(next(), OptionalLong.of(7), () -> false));
        for (int i = 3; i < 1000; i++) { // the number of missed checks stays at the limit
            assertEquals(silence(3, 100 * i, 0, null), port.check(next(), OptionalLong.of(7), () -> false));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,3", "300,3", "301,4", "1000,10"})
    void shouldCondemnAServerThatTakesNothingForAsLongAsThePolicySays(int millis, int looks) {
        var strict = new PortMonitor(POLICY.withNotServing(Duration.ofMillis(millis)));
        assertNull(strict.check(next(), OptionalLong.of(7), () -> false));
        for (int i = 1; i < looks; i++) {
            assertEquals(Optional.empty(), verdictOf(strict.check(next(), OptionalLong.of(7), () -> false)));
        }
        assertEquals(Optional.of(Verdict.NOT_SERVING),
                verdictOf(strict.check(next(), OptionalLong.of(7), () -> false)));
    }

    @Test
    void shouldMindNoWorkerThatTakesConnectionsHoweverLateOrThatIsStarved() {
        for (int i = 0; i < 10; i++) {
            assertNull(port.check(next(), OptionalLong.of(i), () -> false));
        }
        for (int i = 0; i < 10; i++) {
            assertNull(port.check(next(), OptionalLong.of(7), () -> true));
            assertNull(port.check(next(), OptionalLong.empty(), () -> false));
        }
    }
}
