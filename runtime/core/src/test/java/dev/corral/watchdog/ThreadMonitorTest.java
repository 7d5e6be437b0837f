package dev.corral.watchdog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Autopsy.Verdict;
import dev.corral.watchdog.ThreadMonitor.Frame;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a platform thread is found to spin. */
class ThreadMonitorTest extends MonitorFixture {
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
        assertNull(lookAtThread(40)); // the time without a processor was not known
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

    /** The system updates the waiting time of a thread only when the thread gets a processor. */
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
}
