package dev.corral.master;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.FullLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ControlLoopTest {
    private final FakeClock clock = new FakeClock();
    private final List<String> done = new ArrayList<>();
    private int memory = Integer.MAX_VALUE;
    private int times;
    private final ControlLoop loop = new ControlLoop("test", clock, () -> times++);

    /** So much more of it is there. */
    private void allocate() {
        if (memory-- <= 0) {
            throw new OutOfMemoryError("made up");
        }
    }

    @Test
    void shouldRunCommandsInOrderAndThoseThatTheySubmit() {
        loop.submit(() -> {
            done.add("a");
            loop.submit(() -> done.add("c"));
        });
        loop.submit(() -> done.add("b"));
        loop.turn();
        assertEquals(List.of("a", "b", "c"), done);
    }

    @Test
    void shouldRunTimersWhenDueInOrderOfTheirTime() {
        loop.after(Duration.ofMillis(3000), () -> done.add("late"));
        loop.after(Duration.ofMillis(20), () -> done.add("second"));
        loop.after(Duration.ofMillis(20), () -> done.add("third"));
        loop.after(Duration.ofMillis(10), () -> done.add("first"));
        clock.advance(Duration.ofMillis(20).minusNanos(1));
        loop.turn();
        assertEquals(List.of("first"), done);
        clock.advance(Duration.ofNanos(1));
        loop.turn();
        assertEquals(List.of("first", "second", "third"), done);
        clock.advance(Duration.ofMillis(2980));
        loop.turn();
        assertEquals("late", done.getLast());
    }

    @Test
    void shouldNotRunACancelledTimer() {
        ControlLoop.Timer timer = loop.after(Duration.ofMillis(1), () -> done.add("never"));
        loop.after(Duration.ofMillis(1), () -> done.add("other"));
        timer.cancel();
        timer.cancel();
        clock.advance(Duration.ofMillis(1));
        loop.turn();
        assertEquals(List.of("other"), done);
    }

    @Test
    void shouldTakeEndlessDelays() {
        loop.after(Duration.ofSeconds(Long.MAX_VALUE), () -> done.add("never"));
        clock.advance(Duration.ofDays(30_000));
        loop.turn();
        assertEquals(List.of(), done);
    }

    @Test
    void shouldGoOnAfterACommandThatThrows() {
        loop.submit(() -> {
            throw new IllegalStateException("command");
        });
        loop.submit(() -> {
            throw new StackOverflowError("made up");
        });
        loop.submit(() -> done.add("next"));
        loop.turn();
        assertEquals(List.of("next"), done);
        assertEquals(3, times);
    }

    @Test
    void shouldRunACommandAgainThatRanOutOfMemoryBeforeAllOthers() {
        loop.submit(() -> {
            done.add("begins");
            allocate();
            done.add("ends");
        });
        loop.submit(() -> done.add("next"));
        memory = 0;
        assertThrows(OutOfMemoryError.class, loop::turn);
        assertThrows(OutOfMemoryError.class, loop::turn);
        assertEquals(0, times);
        memory = 1;
        loop.turn();
        assertEquals(List.of("begins", "begins", "begins", "ends", "next"), done);
        assertEquals(2, times);
    }

    @Test
    void shouldRunATimerAgainThatRanOutOfMemory() {
        loop.after(Duration.ofMillis(1), () -> {
            allocate();
            done.add("timer");
        });
        clock.advance(Duration.ofMillis(1));
        memory = 0;
        assertThrows(OutOfMemoryError.class, loop::turn);
        memory = 1;
        loop.turn();
        assertEquals(List.of("timer"), done);
    }

    @Test
    void shouldNotRunACommandAgainWhereWhatFollowsItRanOutOfMemory() {
        var other = new ControlLoop("test", clock, () -> {
            allocate();
            times++;
        });
        other.submit(() -> done.add("command"));
        memory = 0;
        assertThrows(OutOfMemoryError.class, other::turn);
        memory = 1;
        other.turn();
        assertEquals(List.of("command"), done);
        assertEquals(1, times);
    }

    @Test
    void shouldGoOnWhereThereIsNoMemoryNotEvenToTellIt() throws InterruptedException {
        var real = new ControlLoop("test", MasterClock.SYSTEM, () -> {});
        var ran = new CountDownLatch(1);
        var log = new FullLog();
        try {
            real.start();
            real.submit(() -> {
                times++;
                if (times < 3) {
                    throw new OutOfMemoryError("made up");
                }
            });
            real.submit(ran::countDown);
            assertTrue(ran.await(10, TimeUnit.SECONDS));
            real.submit(real::stop);
            await().until(real::isOver);
        } finally {
            log.close();
        }
    }

    @Test
    void shouldEndItsThreadWhenStopped() throws InterruptedException {
        var real = new ControlLoop("test", MasterClock.SYSTEM, () -> {});
        var ran = new CountDownLatch(2);
        real.start();
        real.submit(() -> real.after(Duration.ofMillis(1), ran::countDown));
        real.submit(ran::countDown);
        assertTrue(ran.await(10, TimeUnit.SECONDS));
        real.submit(real::stop);
        await().until(real::isOver);
    }
}
