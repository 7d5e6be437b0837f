package dev.corral.redirect.stdio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.FullLog;
import dev.corral.OutputSink.Line;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final OutputPumps pumps = new OutputPumps("test");
    private final Output output = output(line -> lines.add((line.error() ? "E " : "O ") + line.text()));

    private Output output(Consumer<Line> sink) {
        return new Output(pumps, 0, sink, () -> false);
    }

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

    /** Latin-1, UTF-8 and what is neither, with both kinds of line break. */
    @Test
    void shouldLeaveBytesAsTheyAre() {
        var all = new ByteArrayOutputStream();
        var raw = output(line -> {
            all.writeBytes(line.bytes());
            all.write('\n');
        });
        byte[] bytes = new byte[256];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        var printed = new ByteArrayOutputStream();
        printed.writeBytes(bytes);
        printed.writeBytes("\ngr\u00fc\u00dfe\r\n".getBytes(StandardCharsets.UTF_8));
        printed.writeBytes("gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
        raw.out().writeBytes(printed.toByteArray());
        assertTrue(raw.flush(LONG));
        assertArrayEquals(printed.toByteArray(), all.toByteArray());
    }

    @Test
    void shouldDecodeWhatIsNoUtf8WithTheCharsetOfTheStream() {
        byte[] latin = "gr\u00fc\u00dfe\r".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf = "gr\u00fc\u00dfe".getBytes(StandardCharsets.UTF_8);
        assertEquals("gr\u00fc\u00dfe", new Line(false, latin, StandardCharsets.ISO_8859_1, 0, true).text());
        assertEquals("gr\ufffd\ufffde", new Line(false, latin, StandardCharsets.UTF_8, 0, true).text());
        assertEquals("gr\u00fc\u00dfe", new Line(false, utf, StandardCharsets.ISO_8859_1, 0, true).text());
        assertEquals("gr\u00fc\u00dfe", new Line(false, utf, StandardCharsets.US_ASCII, 0, true).text());
    }

    @Test
    void shouldHaveTheCharsetsOfTheJvm() {
        assertEquals(System.getProperty("stdout.encoding"), output.out().charset().name());
        assertEquals(System.getProperty("stderr.encoding"), output.err().charset().name());
    }

    /** Of 1 to 4 bytes; some are cut where a part is full. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "\u20ac", "\ud83d\ude00", "a\u00e9\u20ac\ud83d\ude00"})
    void shouldCutLongLinesBetweenCharactersAndMarkTheParts(String characters) {
        List<Line> parts = Collections.synchronizedList(new ArrayList<>());
        var cut = output(parts::add);
        String text = "ab" + characters.repeat(3 * LineSplitter.MAX_LINE / characters.length());
        byte[] bytes = (text + "\nshort\n").getBytes(StandardCharsets.UTF_8);
        cut.out().write(bytes, 0, 100_000);
        cut.out().write(bytes, 100_000, bytes.length - 100_000);
        assertTrue(cut.flush(LONG));
        Line next = parts.removeLast();
        assertEquals("short 0 true", next.text() + " " + next.part() + " " + next.last());
        for (int i = 0; i < parts.size(); i++) {
            assertEquals(i + 1, parts.get(i).part());
            assertEquals(i == parts.size() - 1, parts.get(i).last());
            assertTrue(parts.get(i).bytes().length > (parts.get(i).last() ? 0 : LineSplitter.MAX_LINE - 4));
            assertTrue(parts.get(i).bytes().length <= LineSplitter.MAX_LINE);
        }
        assertEquals(text, parts.stream().map(Line::text).collect(Collectors.joining()));
    }

    @Test
    void shouldNotCutALineThatJustFits() {
        List<Line> parts = Collections.synchronizedList(new ArrayList<>());
        var cut = output(parts::add);
        cut.out().print("x".repeat(LineSplitter.MAX_LINE));
        cut.out().print("\n");
        assertTrue(cut.flush(LONG));
        assertEquals(1, parts.size());
        assertEquals(0, parts.getFirst().part());
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
        var slow = output(line -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            lines.add(line.text());
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
        var throwing = output(line -> {
            if (line.text().equals("bad")) {
                throw new IllegalStateException("sink");
            }
            lines.add(line.text());
        });
        throwing.out().println("bad");
        throwing.out().println("good");
        assertTrue(throwing.flush(LONG));
        assertEquals(List.of("good"), lines);
    }

    @Test
    void shouldGoOnWhereThereIsNoMemoryNotEvenToTellIt() {
        var throwing = output(line -> {
            if (line.text().equals("bad")) {
                throw new OutOfMemoryError("made up");
            }
            lines.add(line.text());
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
        var hanging = output(_ -> {
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

    /** Lines of the first come first, and none is lost, although it has ended before the sink takes them. */
    @Test
    void shouldDeliverTheLinesOfAWorkerAfterItsEndAndBeforeThoseOfTheNextOne() throws InterruptedException {
        var release = new CountDownLatch(1);
        var first = output(line -> {
            awaitLatch(release);
            lines.add("first " + line.text());
        });
        IntStream.range(0, 500).forEach(i -> first.out().println(i));
        first.out().print("500");
        assertFalse(first.flush(Duration.ofMillis(20)));
        first.close();
        first.out().println("too late");
        assertEquals("500", first.last().getLast());
        var second = output(line -> lines.add("second " + line.text()));
        second.out().println("line");
        assertFalse(pumps.await(Duration.ofMillis(20)));
        release.countDown();
        assertTrue(pumps.await(LONG));
        assertEquals(Stream.concat(IntStream.rangeClosed(0, 500).mapToObj(i -> "first " + i),
                Stream.of("second line")).toList(), lines);
    }

    @Test
    void shouldNotWaitAnyMoreWhenItIsKilledAndCountWhatIsLost() throws InterruptedException {
        var release = new CountDownLatch(1);
        var condemned = new AtomicBoolean();
        var killed = new Output(pumps, 0, line -> {
            awaitLatch(release);
            lines.add(line.text());
        }, condemned::get);
        Thread printer =
                Thread.ofPlatform().start(() -> IntStream.range(0, 100_000).forEach(i -> killed.out().println(i)));
        await().until(() -> printer.getState() == Thread.State.TIMED_WAITING);
        assertEquals(0, killed.lost());
        condemned.set(true);
        printer.join(LONG);
        release.countDown();
        assertTrue(killed.flush(LONG));
        assertEquals(100_000, lines.size() + killed.lost());
        assertEquals(IntStream.range(0, lines.size()).mapToObj(Integer::toString).toList(), lines);
        assertTrue(lines.size() >= 65_536, "delivered " + lines.size());
    }

    @Test
    void shouldBoundTheBytesThatWait() {
        var release = new CountDownLatch(1);
        var slow = output(_ -> awaitLatch(release));
        var printed = new AtomicInteger();
        Thread printer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < 100; i++) {
                slow.out().println("x".repeat(50_000));
                printed.incrementAndGet();
            }
        });
        await().until(() -> printer.getState() == Thread.State.TIMED_WAITING);
        assertTrue(printed.get() <= OutputPump.MAX_BYTES / 50_000 + 2, "printed " + printed);
        release.countDown();
        await().until(() -> !printer.isAlive());
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
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
