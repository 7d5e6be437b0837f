package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.corral.Autopsy.Verdict;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a carrier thread is found to spin or to be stuck. */
class CarrierMonitorTest extends MonitorFixture {
    private final CarrierMonitor carrier = new CarrierMonitor(POLICY);
    private long position = 1;
    private boolean runnable = true;
    private boolean relieved;
    private int reliefs;

    private @Nullable Silence lookAtCarrier(long burntMillis) {
        cpu += burntMillis * MILLI;
        return carrier.check(next(), new CarrierMonitor.Readings() {
            @Override
            public long position() {
                return position;
            }

            @Override
            public long cpuNanos() {
                return cpu;
            }

            @Override
            public boolean isRunnable() {
                return runnable;
            }

            @Override
            public boolean loadsClasses() {
                return loads;
            }

            @Override
            public boolean relieve() {
                reliefs++;
                return relieved;
            }
        });
    }

    @Test
    void shouldCondemnACarrierThatSpinsInOneTask() {
        assertNull(lookAtCarrier(50));
        assertEquals(silence(1, 100, 100, null), lookAtCarrier(100));
        assertEquals(silence(2, 200, 200, null), lookAtCarrier(100));
        assertEquals(silence(3, 300, 300, Verdict.SPINNING), lookAtCarrier(100));
        assertEquals(0, reliefs);
    }

    @Test
    void shouldForgetWhatWasMissedAtTheNextTask() {
        lookAtCarrier(100);
        lookAtCarrier(100);
        lookAtCarrier(100);
        position += 2;
        assertNull(lookAtCarrier(100));
        assertEquals(silence(1, 100, 100, null), lookAtCarrier(100));
    }

    @Test
    void shouldMindNoCarrierWhoseTaskLoadsClasses() {
        loads = true;
        for (int i = 0; i < 10; i++) {
            assertNull(lookAtCarrier(100));
        }
        loads = false;
        assertEquals(silence(1, 100, 100, null), lookAtCarrier(100));
    }

    @Test
    void shouldCondemnACarrierWhoseTaskLoadsClassesForEver() {
        loads = true;
        lookAtCarrier(100);
        for (int i = 0; i < 599; i++) {
            assertNull(lookAtCarrier(100));
        }
        assertEquals(1, missedOf(lookAtCarrier(100)));
        assertEquals(2, missedOf(lookAtCarrier(100)));
        assertEquals(silence(3, 300, 300, Verdict.SPINNING), lookAtCarrier(100));
        position += 2;
        assertNull(lookAtCarrier(100));
        assertNull(lookAtCarrier(100));
    }

    @Test
    void shouldMindNoCarrierBetweenTasks() {
        position = 2;
        for (int i = 0; i < 10; i++) {
            assertNull(lookAtCarrier(0));
        }
    }

    @Test
    void shouldGiveTimeToACarrierThatTheMachineStarves() {
        assertNull(lookAtCarrier(10));
        for (int missed = 1; missed <= 23; missed++) {
            assertEquals(silence(missed, 100L * missed, 10L * missed, null), lookAtCarrier(10));
        }
        assertEquals(silence(24, 2400, 240, Verdict.SPINNING), lookAtCarrier(10));
    }

    @Test
    void shouldCondemnACarrierThatCollectionsLeaveLittleTime() {
        stopped = 97 * MILLI;
        lookAtCarrier(3);
        for (int missed = 1; missed < 80; missed++) {
            assertEquals(Optional.empty(), verdictOf(lookAtCarrier(3)));
        }
        assertEquals(silence(80, 8000, 240, Verdict.SPINNING), lookAtCarrier(3));
        assertEquals(0, reliefs);
    }

    @Test
    void shouldRelieveACarrierThatStandsStillAndThenMindItNoMore() {
        relieved = true;
        runnable = false;
        lookAtCarrier(0);
        for (int i = 1; i < 10; i++) {
            assertNull(lookAtCarrier(0));
            assertEquals(i, reliefs);
        }
        runnable = true; // Java also reports a thread in a system call as runnable
        assertNull(lookAtCarrier(1));
    }

    @Test
    void shouldCondemnACarrierThatNothingRelievesAfterTwiceTheTime() {
        runnable = false;
        lookAtCarrier(0);
        for (int missed = 1; missed < 6; missed++) {
            assertEquals(silence(missed, 100L * missed, 0, null), lookAtCarrier(0));
        }
        assertEquals(silence(6, 600, 0, Verdict.STUCK), lookAtCarrier(0));
    }

    @Test
    void shouldCountNoRoundThatDoesNotCount() {
        lookAtCarrier(100);
        counts = false;
        for (int i = 0; i < 10; i++) {
            assertNull(lookAtCarrier(100));
        }
        counts = true;
        assertEquals(1, missedOf(lookAtCarrier(100)));
        counts = false;
        assertEquals(1, missedOf(lookAtCarrier(100)));
        counts = true;
        assertEquals(2, missedOf(lookAtCarrier(100)));
        assertEquals(Optional.of(Verdict.SPINNING), verdictOf(lookAtCarrier(100)));
    }
}
