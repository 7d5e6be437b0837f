package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import dev.corral.watchdog.ThreadMonitor.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorTest {
    private static final long MILLI = 1_000_000;
    private static final long INTERVAL = 100 * MILLI;
    private static final HeartbeatPolicy POLICY = HeartbeatPolicy.every(Duration.ofMillis(100)).withMissed(3);

    private long nowNanos = Long.MAX_VALUE - 250 * MILLI; // overflow is on the way
    private boolean counts = true;
    private long stopped;

    private Round next() {
        nowNanos += INTERVAL;
        return new Round(nowNanos, INTERVAL - stopped, counts);
    }

    // ---- Rounds ----

    @Test
    void shouldCountARoundThatComesInTime() {
        assertTrue(Round.after(nowNanos, nowNanos + INTERVAL + INTERVAL / 2, 0, INTERVAL).counts());
        assertFalse(Round.after(nowNanos, nowNanos + INTERVAL + INTERVAL / 2 + 1, 0, INTERVAL).counts());
        assertTrue(Round.after(nowNanos, nowNanos + 6 * MILLI, 0, MILLI).counts());
        assertFalse(Round.after(nowNanos, nowNanos + 6 * MILLI + 1, 0, MILLI).counts());
    }

    @Test
    void shouldTakeOffWhatCollectionsHaveStopped() {
        assertEquals(new Round(nowNanos + INTERVAL, INTERVAL - 30 * MILLI, true),
                Round.after(nowNanos, nowNanos + INTERVAL, 30 * MILLI, INTERVAL));
        assertEquals(new Round(nowNanos + INTERVAL, 0, true),
                Round.after(nowNanos, nowNanos + INTERVAL, INTERVAL + MILLI, INTERVAL)); // counted in milliseconds
    }

    // ---- Carriers ----

    private final CarrierMonitor carrier = new CarrierMonitor(POLICY);
    private long position = 1;
    private long cpu;
    private boolean runnable = true;
    private boolean loads;
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

    private static Silence silence(int missed, long millis, long burntMillis, @Nullable Verdict verdict) {
        return new Silence(missed, Duration.ofMillis(millis), Duration.ofMillis(burntMillis),
                Optional.ofNullable(verdict));
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
        runnable = true; // in a system call, as far as Java knows
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

    private static int missedOf(@Nullable Silence silence) {
        assertNotNull(silence);
        return silence.missed();
    }

    private static Optional<Verdict> verdictOf(@Nullable Silence silence) {
        assertNotNull(silence);
        return silence.verdict();
    }

    // ---- Platform threads ----

    private final ThreadMonitor thread = new ThreadMonitor(POLICY);
    private OptionalLong starved = OptionalLong.of(0);
    private OptionalLong io = OptionalLong.of(0);
    private boolean wantsProcessor = true;
    private long waits;
    private List<Frame> stack = List.of(new Frame("java.lang.Thread.run", false), new Frame("app.Spin.run", true));

    private @Nullable Silence lookAtThread(long burntMillis) {
        cpu += burntMillis * MILLI;
        return thread.check(next(), new ThreadMonitor.Readings() {
            @Override
            public long cpuNanos() {
                return cpu;
            }

            @Override
            public OptionalLong starvedNanos() {
                return starved;
            }

            @Override
            public boolean isRunnable() {
                return wantsProcessor;
            }

            @Override
            public long waits() {
                return waits;
            }

            @Override
            public OptionalLong inputsAndOutputs() {
                return io;
            }

            @Override
            public boolean loadsClasses() {
                return loads;
            }

            @Override
            public List<Frame> stack() {
                return stack;
            }
        });
    }

    @Test
    void shouldCondemnAThreadThatDoesNothingButBurnCpu() {
        assertNull(lookAtThread(100));
        assertEquals(silence(1, 100, 95, null), lookAtThread(95));
        assertEquals(silence(2, 200, 195, null), lookAtThread(100));
        assertEquals(silence(3, 300, 295, Verdict.SPINNING), lookAtThread(100));
    }

    @Test
    void shouldMindNoThreadThatRests() {
        for (int i = 0; i < 10; i++) {
            assertNull(lookAtThread(80));
        }
    }

    @Test
    void shouldMindNoThreadThatReadsOrWrites() {
        lookAtThread(100);
        for (int i = 0; i < 10; i++) {
            io = OptionalLong.of(i);
            Silence silence = lookAtThread(100);
            assertTrue(silence == null || (i == 0 && silence.verdict().isEmpty()), () -> "" + silence);
        }
    }

    @Test
    void shouldMindNoThreadThatLoadsClasses() {
        loads = true;
        for (int i = 0; i < 10; i++) {
            assertNull(lookAtThread(100));
        }
        loads = false;
        assertEquals(silence(1, 100, 100, null), lookAtThread(100));
    }

    @Test
    void shouldCondemnAThreadThatLoadsClassesForEver() {
        loads = true;
        lookAtThread(100);
        for (int i = 0; i < 599; i++) {
            assertNull(lookAtThread(100));
        }
        assertEquals(1, missedOf(lookAtThread(100)));
        waits++;
        assertNull(lookAtThread(100));
        assertNull(lookAtThread(100));
    }

    @Test
    void shouldMindNoThreadThatWaitsNowAndThen() {
        lookAtThread(100);
        for (int i = 0; i < 10; i++) {
            waits++;
            Silence silence = lookAtThread(100);
            assertTrue(silence == null || (i == 0 && silence.verdict().isEmpty()), () -> "" + silence);
        }
    }

    @Test
    void shouldMindNoThreadOnWhichNoMethodOfTheProgramStays() {
        lookAtThread(100);
        for (int i = 0; i < 10; i++) {
            stack = List.of(new Frame("java.lang.Thread.run", false), new Frame("app.Task" + i + ".run", true));
            Silence silence = lookAtThread(100);
            assertTrue(silence == null || silence.missed() == 1, () -> "" + silence);
        }
    }

    @Test
    void shouldCondemnALoopWhateverItCalls() {
        lookAtThread(100);
        for (int i = 1; i < 3; i++) {
            stack = List.of(stack.get(0), stack.get(1), new Frame("app.Spin.call" + i, true));
            assertEquals(Optional.empty(), verdictOf(lookAtThread(100)));
        }
        assertEquals(Optional.of(Verdict.SPINNING), verdictOf(lookAtThread(100)));
    }

    @Test
    void shouldCondemnAStarvedThreadOnceItHasBurntAsMuch() {
        starved = OptionalLong.of(0);
        lookAtThread(100);
        assertNull(lookAtThread(40)); // how long it waited for a processor meanwhile was not known
        for (int missed = 1; missed <= 5; missed++) {
            starved = OptionalLong.of(missed * 60 * MILLI);
            assertEquals(Optional.empty(), verdictOf(lookAtThread(40)));
        }
        starved = OptionalLong.of(360 * MILLI);
        assertEquals(silence(6, 600, 240, Verdict.SPINNING), lookAtThread(40));
    }

    @Test
    void shouldCondemnAThreadThatCollectionsStopAgainAndAgain() {
        stopped = 30 * MILLI;
        lookAtThread(70);
        assertEquals(silence(1, 100, 70, null), lookAtThread(70));
        assertEquals(silence(2, 200, 140, null), lookAtThread(70));
        assertEquals(silence(3, 300, 210, null), lookAtThread(70));
        assertEquals(silence(4, 400, 280, Verdict.SPINNING), lookAtThread(70));
    }

    /** The system adds to what a thread has waited for a processor only when it gets one. */
    @Test
    void shouldNotForgetASilenceInWhichTheThreadIsGivenNoProcessor() {
        lookAtThread(100);
        lookAtThread(100);
        assertEquals(silence(2, 200, 200, null), lookAtThread(100));
        for (int i = 0; i < 5; i++) {
            assertEquals(2, missedOf(lookAtThread(0)));
        }
        starved = OptionalLong.of(500 * MILLI);
        assertEquals(silence(3, 800, 300, Verdict.SPINNING), lookAtThread(100));
    }

    @Test
    void shouldMindNoThreadThatSleepsBetweenTwoSilences() {
        lookAtThread(100);
        lookAtThread(100);
        lookAtThread(100);
        wantsProcessor = false;
        assertNull(lookAtThread(0));
        wantsProcessor = true;
        assertEquals(silence(1, 100, 100, null), lookAtThread(100));
    }

    @Test
    void shouldNeedASecondLookAlsoWhereOneIsEnough() {
        var hasty = new ThreadMonitor(POLICY.withMissed(1));
        var readings = new ThreadMonitor.Readings() {
            @Override
            public long cpuNanos() {
                return cpu;
            }

            @Override
            public OptionalLong starvedNanos() {
                return OptionalLong.empty();
            }

            @Override
            public boolean isRunnable() {
                return true;
            }

            @Override
            public long waits() {
                return 0;
            }

            @Override
            public OptionalLong inputsAndOutputs() {
                return OptionalLong.empty();
            }

            @Override
            public boolean loadsClasses() {
                return false;
            }

            @Override
            public List<Frame> stack() {
                return stack;
            }
        };
        hasty.check(next(), readings);
        cpu += INTERVAL;
        assertEquals(Optional.empty(), verdictOf(hasty.check(next(), readings)));
        cpu += INTERVAL;
        assertEquals(Optional.of(Verdict.SPINNING), verdictOf(hasty.check(next(), readings)));
    }

    // ---- Ports ----

    private final PortMonitor port = new PortMonitor(POLICY);

    /** It may be busy with one long request: it is found, and for as long as it takes it is not condemned. */
    @Test
    void shouldFindAServerThatTakesNothingAndCondemnItForNoTimeUnlessThatIsAskedFor() {
        assertNull(port.check(next(), OptionalLong.of(7), () -> false));
        assertEquals(silence(1, 100, 0, null), port.check(next(), OptionalLong.of(7), () -> false));
        assertEquals(silence(2, 200, 0, null), port.check(next(), OptionalLong.of(7), () -> false));
        for (int i = 3; i < 1000; i++) { // the number says that it has been for long enough, and says it once
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
