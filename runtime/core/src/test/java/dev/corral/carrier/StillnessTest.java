package dev.corral.carrier;

import static dev.corral.carrier.Stillness.Finding.MOVING;
import static dev.corral.carrier.Stillness.Finding.STILL;
import static dev.corral.carrier.Stillness.Finding.SUSPICIOUS;
import static java.lang.Thread.State.BLOCKED;
import static java.lang.Thread.State.RUNNABLE;
import static java.lang.Thread.State.TIMED_WAITING;
import static java.lang.Thread.State.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StillnessTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final Stillness stillness = new Stillness();
    private long nowNanos = Long.MAX_VALUE - 5 * MILLI; // overflow is on the way
    private long cpuNanos;
    private boolean wantsProcessor;
    /** What the thread uses between two questions about its CPU time. */
    private long cpuNanosMeanwhile;

    private Stillness.Finding lookAfter(long millis, long burntMillis, long position, boolean othersWait,
            Thread.State state) {
        nowNanos += millis * MILLI;
        cpuNanos += burntMillis * MILLI;
        return stillness.check(position, othersWait, () -> state, () -> cpuNanos += cpuNanosMeanwhile,
                () -> wantsProcessor, nowNanos);
    }

    @Test
    void shouldNotSuspectACarrierBetweenTasks() {
        for (int i = 0; i < 10; i++) {
            assertEquals(MOVING, lookAfter(50, 0, 4, true, WAITING));
        }
    }

    @Test
    void shouldNotMindACarrierThatNobodyWaitsFor() {
        for (int i = 0; i < 10; i++) {
            assertEquals(MOVING, lookAfter(50, 0, 5, false, WAITING));
        }
    }

    @Test
    void shouldNotCallStillWhatMovesBetweenLooks() {
        for (int i = 0; i < 10; i++) {
            assertEquals(SUSPICIOUS, lookAfter(50, 0, 2 * i + 1, true, WAITING));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Thread.State.class, names = {"BLOCKED", "WAITING", "TIMED_WAITING"})
    void shouldFindACarrierThatWaitsInsideATask(Thread.State state) {
        assertEquals(SUSPICIOUS, lookAfter(50, 0, 5, true, state));
        assertEquals(SUSPICIOUS, lookAfter(9, 0, 5, true, state));
        assertEquals(STILL, lookAfter(1, 0, 5, true, state));
    }

    @Test
    void shouldFindACarrierInASystemCallThatBurnsNothing() {
        assertEquals(SUSPICIOUS, lookAfter(50, 0, 5, true, RUNNABLE));
        assertEquals(SUSPICIOUS, lookAfter(10, 0, 5, true, RUNNABLE)); // measured from here
        assertEquals(SUSPICIOUS, lookAfter(19, 0, 5, true, RUNNABLE));
        assertEquals(STILL, lookAfter(1, 0, 5, true, RUNNABLE));
    }

    @Test
    void shouldNotCallStillWhatSpins() {
        for (int i = 0; i < 100; i++) {
            assertEquals(SUSPICIOUS, lookAfter(10, 10, 5, true, RUNNABLE));
        }
    }

    @Test
    void shouldNotCallStillWhatGetsNoProcessor() {
        wantsProcessor = true;
        for (int i = 0; i < 100; i++) {
            assertEquals(SUSPICIOUS, lookAfter(40, 0, 5, true, RUNNABLE));
        }
        wantsProcessor = false;
        assertEquals(STILL, lookAfter(40, 0, 5, true, RUNNABLE));
    }

    /** Four busy processes a core leave a quarter of it. */
    @Test
    void shouldNotCallStillWhatSpinsOnABusyMachine() {
        for (int i = 0; i < 100; i++) {
            assertEquals(SUSPICIOUS, lookAfter(40, 10, 5, true, RUNNABLE));
        }
    }

    /** The system cannot say whether a thread waits that has just got a processor. */
    @Test
    void shouldNotCallStillWhatGetsAProcessorDuringTheCheck() {
        assertEquals(SUSPICIOUS, lookAfter(50, 0, 5, true, RUNNABLE));
        assertEquals(SUSPICIOUS, lookAfter(10, 0, 5, true, RUNNABLE));
        cpuNanosMeanwhile = 1;
        assertEquals(SUSPICIOUS, lookAfter(20, 0, 5, true, RUNNABLE));
        cpuNanosMeanwhile = 0;
        assertEquals(STILL, lookAfter(20, 0, 5, true, RUNNABLE));
    }

    @Test
    void shouldFindASpinnerThatThenBlocks() {
        for (int i = 0; i < 10; i++) {
            lookAfter(10, 10, 5, true, RUNNABLE);
        }
        assertEquals(STILL, lookAfter(30, 0, 5, true, BLOCKED));
    }

    @Test
    void shouldNotCallStillWhereCpuTimeCannotBeKnown() {
        cpuNanos = -1;
        for (int i = 0; i < 10; i++) {
            assertEquals(SUSPICIOUS, lookAfter(50, 0, 5, true, RUNNABLE));
        }
        assertEquals(STILL, lookAfter(50, 0, 5, true, TIMED_WAITING));
    }
}
