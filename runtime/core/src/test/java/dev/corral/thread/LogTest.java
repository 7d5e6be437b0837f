package dev.corral.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int CAPACITY = 64;

    private final AtomicLong nanos = new AtomicLong();
    private final Target target = new Target();
    private final Log log = new Log(() -> target, nanos::get, CAPACITY);

    /** A logger of which a test decides what it does. */
    private static final class Target implements System.Logger {
        final Queue<String> texts = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        volatile Level lowest = Level.INFO;
        volatile Runnable before = () -> {};

        @Override
        public String getName() {
            return "made up";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= lowest.getSeverity();
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable failure) {
            if (isLoggable(level)) {
                before.run();
                texts.add(text);
                if (failure != null) {
                    thrown.add(failure);
                }
            }
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, Object... arguments) {
            throw new AssertionError("the text is filled in already");
        }
    }

    private List<String> written() {
        assertTrue(log.flush(LONG));
        return List.copyOf(target.texts);
    }

    @Test
    void shouldFillInArgumentsAndKeepTheOrder() {
        log.log(Level.INFO, "{0} of {1}, {0}, {2}, {x}", 1000, null);
        log.log(Level.WARNING, () -> "made");
        log.log(Level.ERROR, "it's {0}");
        assertEquals(List.of("1000 of null, 1000, {2}, {x}", "made", "it's {0}"), written());
    }

    @Test
    void shouldReturnAtOnceAndCountWhatIsDroppedWhileTheLoggerBlocks() throws InterruptedException {
        var blocked = new CountDownLatch(1);
        var entered = new CountDownLatch(1);
        target.before = () -> {
            entered.countDown();
            awaitUninterruptibly(blocked);
        };
        log.log(Level.INFO, "first");
        entered.await();
        int most = CAPACITY + 100;
        assertTimeoutPreemptively(LONG,
                () -> IntStream.range(0, most).forEach(i -> log.log(Level.INFO, "line " + i)));
        assertFalse(log.flush(Duration.ofMillis(1)));
        blocked.countDown();
        List<String> texts = written();
        assertEquals("first", texts.getFirst());
        assertEquals(IntStream.range(0, CAPACITY).mapToObj(i -> "line " + i).toList(), texts.subList(1, CAPACITY + 1));
        assertEquals(1, texts.stream().filter(each -> each.startsWith("100 lines of this log were dropped")).count(),
                texts::toString);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldSurviveWhateverTheLoggerThrows() {
        target.before = () -> {
            throw new NoClassDefFoundError("made up");
        };
        log.log(Level.INFO, "lost");
        assertTrue(log.flush(LONG));
        target.before = () -> {};
        log.log(Level.INFO, "written");
        List<String> texts = written();
        assertTrue(texts.contains("written"), texts::toString);
        assertTrue(texts.stream().anyMatch(each -> each.startsWith("1 lines of this log were dropped")),
                texts::toString);
    }

    @Test
    void shouldWriteALineAgainThatFailedOnce() {
        var failures = new AtomicInteger();
        target.before = () -> {
            if (failures.getAndIncrement() == 0) {
                throw new OutOfMemoryError("made up");
            }
        };
        log.log(Level.INFO, "written");
        assertEquals(List.of("written"), written());
    }

    @Test
    void shouldNotThrowWhatAnArgumentThrows() {
        Object bad = new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError("made up");
            }
        };
        log.log(Level.INFO, "about {0}", bad);
        log.log(Level.INFO, () -> {
            throw new LinkageError("made up");
        });
        log.log(Level.INFO, (String) null, (Throwable) null);
        log.failed("it failed", "", new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("made up");
            }
        });
        List<String> texts = written();
        assertTrue(texts.contains("it failed"), texts::toString);
        assertTrue(texts
                .contains("2 lines of this log were dropped, because lines came faster than they could be written, "
                        + "or because writing them failed"),
                texts::toString);
    }

    @Test
    void shouldWriteTheFirstFailuresInFullAndCountTheRest() {
        for (int i = 0; i < 1000; i++) {
            log.failed("accept failed on port ", Integer.toString(i), new IOException("Too many open files"));
        }
        assertEquals(List.of("accept failed on port 0", "accept failed on port 1", "accept failed on port 2",
                "accept failed on port 999: java.io.IOException: Too many open files (... 997 more times in the last 1 s)"),
                written());
        assertEquals(Repetition.FULL, target.thrown.size());
        assertEquals("java.io.IOException: Too many open files", target.thrown.element().toString());
        assertEquals(LogTest.class.getName(), target.thrown.element().getStackTrace()[0].getClassName());
    }

    @Test
    void shouldLimitLinesThatAllDiffer() {
        for (int i = 0; i < 10 * Repetitions.MOST; i++) {
            log.log(Level.INFO, "line " + i);
            if (i % CAPACITY == 0) {
                assertTrue(log.flush(LONG)); // else the queue would be full
            }
        }
        int texts = written().size();
        assertTrue(texts < 2 * Repetitions.MOST, "lines: " + texts);
    }

    @Test
    void shouldKeepNoObjectOfWhatWasThrown() {
        var original = new IllegalStateException("outer", new IOException("inner"));
        original.addSuppressed(new IOException("suppressed"));
        target.before = () -> {};
        log.log(Level.ERROR, "it failed", original);
        written();
        Throwable copy = target.thrown.element();
        assertNotSame(original, copy);
        assertEquals(printed(original), printed(copy));
    }

    @Test
    void shouldCopyAThrowableThatIsItsOwnCause() {
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second", first);
        first.initCause(second);
        log.log(Level.ERROR, "it failed", first);
        assertEquals(List.of("it failed"), written());
    }

    private static String printed(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Test
    void shouldFollowTheLevelOfTheLogger() {
        log.log(Level.INFO, "one");
        assertEquals(List.of("one"), written());
        assertFalse(log.isLoggable(Level.DEBUG));
        log.log(Level.DEBUG, "unwanted");
        target.lowest = Level.DEBUG;
        nanos.addAndGet(Duration.ofSeconds(1).toNanos()); // what is known of its level is old now
        log.log(Level.DEBUG, "two");
        assertEquals(List.of("one", "two"), written());
        assertTrue(log.isLoggable(Level.DEBUG));
    }

    @Test
    void shouldWriteTheTimeOfALineThatIsLate() {
        LogLine line = LogLine.of(Level.INFO, "text", null);
        assertEquals("text", line.textAt(line.epochMillis() + 999));
        assertEquals("text (logged at " + Instant.ofEpochMilli(line.epochMillis()) + ")",
                line.textAt(line.epochMillis() + 1000));
    }
}
