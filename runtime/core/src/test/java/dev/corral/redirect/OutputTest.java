package dev.corral.redirect;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.FullLog;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Output output = new Output((error, line) -> lines.add((error ? "E " : "O ") + line));

    @Test
    void shouldCutLinesAndTellTheStreamsApart() {
        output.out().print("a");
        output.out().println("b");
        output.err().print("x\r\ny\n\nz");
        output.out().write('c');
        assertTrue(output.flush(LONG));
        assertEquals(List.of("O ab", "E x", "E y", "E ", "O c", "E z"), lines);
        assertEquals(List.of("ab", "x", "y", "", "c", "z"), output.last());
    }

    @Test
    void shouldKeepCharactersThatAreWrittenInPieces() {
        byte[] euro = "€\n".getBytes(StandardCharsets.UTF_8);
        for (byte b : euro) {
            output.out().write(b);
        }
        output.out().flush();
        assertTrue(output.flush(LONG));
        assertEquals(List.of("O €"), lines);
    }

    @Test
    void shouldCutEndlessLinesAndLoseNothing() {
        String endless = "x".repeat(3 * LineSplitter.MAX_LINE + 17);
        output.out().println(endless);
        assertTrue(output.flush(LONG));
        assertEquals(4, lines.size());
        assertEquals(endless.length(), lines.stream().mapToInt(line -> line.length() - 2).sum());
    }

    @Test
    void shouldKeepTheLast200Lines() {
        IntStream.range(0, 1000).forEach(i -> output.out().println(i));
        assertTrue(output.flush(LONG));
        assertEquals(IntStream.range(800, 1000).mapToObj(Integer::toString).toList(), output.last());
    }

    @Test
    void shouldLoseNoLineOfManyThreadsAndKeepTheOrderOfEach() throws InterruptedException {
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(t -> (t % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform())
                        .start(() -> IntStream.range(0, 2000).forEach(i -> output.out().println(t + " " + i))))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(output.flush(LONG));
        for (int t = 0; t < 8; t++) {
            String prefix = "O " + t + " ";
            assertEquals(IntStream.range(0, 2000).mapToObj(i -> prefix + i).toList(),
                    lines.stream().filter(line -> line.startsWith(prefix)).toList());
        }
    }

    @Test
    void shouldMakePrintingWaitForASlowSinkAndBoundWhatWaits() throws InterruptedException {
        var release = new CountDownLatch(1);
        var printed = new AtomicInteger();
        var slow = new Output((_, line) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            lines.add(line);
        });
        Thread printer = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 3000; i++) {
                slow.out().println(i);
                printed.incrementAndGet();
            }
        });
        await().until(() -> printed.get() >= OutputPump.CAPACITY);
        assertFalse(slow.flush(Duration.ofMillis(20)));
        assertTrue(printed.get() <= OutputPump.CAPACITY + 2, "printed " + printed);
        release.countDown();
        printer.join();
        assertTrue(slow.flush(LONG));
        assertEquals(3000, lines.size());
    }

    @Test
    void shouldGoOnAfterASinkThatThrows() {
        var throwing = new Output((_, line) -> {
            if (line.equals("bad")) {
                throw new IllegalStateException("sink");
            }
            lines.add(line);
        });
        throwing.out().println("bad");
        throwing.out().println("good");
        assertTrue(throwing.flush(LONG));
        assertEquals(List.of("good"), lines);
    }

    @Test
    void shouldGoOnWhereThereIsNoMemoryNotEvenToTellIt() {
        var throwing = new Output((_, line) -> {
            if (line.equals("bad")) {
                throw new OutOfMemoryError("made up");
            }
            lines.add(line);
        });
        var log = new FullLog();
        try {
            throwing.out().println("bad");
            throwing.out().println("good");
            assertTrue(throwing.flush(LONG));
            assertEquals(List.of("good"), lines);
        } finally {
            log.close();
        }
    }

    @Test
    void shouldGiveAThreadThatPrintsNoLongerAWorkerWhoseSinkHangs() {
        var release = new CountDownLatch(1);
        var hanging = new Output((_, _) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Thread printer =
                Thread.ofPlatform().start(() -> IntStream.range(0, 5000).forEach(i -> hanging.out().println(i)));
        await().until(() -> printer.getState() == Thread.State.TIMED_WAITING);
        hanging.close();
        await().until(() -> !printer.isAlive());
        release.countDown();
    }

    @Test
    void shouldUseTheStreamsThatTheWorkerSets() {
        var bytes = new ByteArrayOutputStream();
        PrintStream before = output.out();
        output.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        output.out().print("own");
        before.println("old");
        assertTrue(output.flush(LONG));
        assertEquals("own", bytes.toString(StandardCharsets.UTF_8));
        assertEquals(List.of("O old"), lines);
    }
}
