package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String LINE = "-".repeat(1000);

    private final SlowStream stream = new SlowStream();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private volatile String stamp = "";
    private final LineWriter writer =
            new LineWriter(stream, note -> ("note: " + note + "\n").getBytes(StandardCharsets.UTF_8),
                    () -> stamp.getBytes(StandardCharsets.UTF_8))
                    .start("test stream", troubles::add);

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void awaitWritten() throws InterruptedException {
        assertEquals(0, writer.await(LONG.toNanos()));
    }

    private static List<String> numbered(String prefix, int lines) {
        return IntStream.range(0, lines).mapToObj(i -> prefix + i + LINE).toList();
    }

    @Test
    void shouldWriteLinesInOrder() throws InterruptedException {
        numbered("", 500).forEach(text -> writer.put(line(text)));
        writer.offer(line("own"));
        awaitWritten();
        List<String> expected = new ArrayList<>(numbered("", 500));
        expected.add("own");
        assertEquals(expected, stream.lines());
    }

    @Test
    void shouldStampEachLine() throws InterruptedException {
        stamp = "now ";
        writer.put(line("worker"));
        writer.offer(line("own"));
        writer.note("note");
        awaitWritten();
        assertEquals(List.of("now worker", "now own", "now note: note"), stream.lines());
    }

    @Test
    void shouldWriteALineThatIsLongerThanItsBuffer() throws InterruptedException {
        String text = "x".repeat(300_000);
        writer.put(line(text));
        awaitWritten();
        assertEquals(List.of(text), stream.lines());
    }

    @Test
    void shouldNeverMakeTheCommandWaitAndReportWhatWasDropped() throws InterruptedException {
        stream.room(0);
        numbered("", 3000).forEach(text -> writer.offer(line(text))); // else this test hangs
        assertTrue(writer.await(0) >= 3000);
        stream.room(Integer.MAX_VALUE);
        awaitWritten();
        List<String> lines = new ArrayList<>(stream.lines());
        String note = lines.removeLast();
        assertEquals(numbered("", lines.size()), lines);
        assertTrue(lines.size() > 1000, "written " + lines.size());
        assertEquals("note: " + (3000 - lines.size())
                + " lines were lost here: this stream was not read, or could not be written", note);
    }

    @Test
    void shouldMakeWorkersWaitAndLoseNothing() throws InterruptedException {
        stream.room(0);
        Thread worker = Thread.ofPlatform().start(() -> numbered("", 3000).forEach(text -> writer.put(line(text))));
        await().until(() -> worker.getState() == Thread.State.WAITING);
        assertTrue(writer.await(0) < 1500);
        writer.offer(line("own")); // there is room for it
        stream.room(Integer.MAX_VALUE);
        worker.join();
        awaitWritten();
        List<String> lines = new ArrayList<>(stream.lines());
        assertTrue(lines.remove("own"));
        assertEquals(numbered("", 3000), lines);
    }

    @Test
    void shouldMakeNobodyWaitForAStreamThatCannotBeWrittenAndGoOnWhenItCan() throws InterruptedException {
        writer.put(line("before"));
        awaitWritten();
        stream.breaks(true);
        numbered("", 3000).forEach(text -> writer.put(line(text))); // else this test hangs
        await().until(() -> !troubles.isEmpty());
        assertTrue(writer.isFailing());
        assertTrue(writer.await(LONG.toNanos()) >= 3000);
        stream.breaks(false);
        await().until(() -> !writer.isFailing());
        writer.put(line("after"));
        awaitWritten();
        List<String> lines = new ArrayList<>(stream.lines());
        assertEquals("before", lines.removeFirst());
        assertTrue(lines.remove("after"));
        String note = lines.stream().filter(text -> text.startsWith("note: ")).findFirst().orElseThrow();
        lines.remove(note);
        assertEquals(numbered("", lines.size()), lines);
        assertTrue(note.startsWith("note: " + (3000 - lines.size()) + " lines were lost here"), note);
        assertEquals(List.of(
                "test stream cannot be written: No space left on device; lines are lost until it can be written again"),
                troubles);
    }

    /** Another process may have set its end of a terminal or pipe so, which is the same file description. */
    @Test
    void shouldWriteAllToADescriptorThatDoesNotBlock() throws InterruptedException {
        stream.neverBlocks();
        stream.room(1500);
        numbered("", 10).forEach(text -> writer.put(line(text)));
        assertTrue(writer.await(TimeUnit.MILLISECONDS.toNanos(50)) > 0);
        stream.room(Integer.MAX_VALUE);
        awaitWritten();
        assertEquals(numbered("", 10), stream.lines());
        assertEquals(List.of(), troubles);
    }

    @Test
    void shouldMakeWholeLinesOfWhatOthersPrint() throws InterruptedException {
        var lines = new OwnLines(writer::offer);
        lines.write(line("whole"), 0, 6);
        lines.write('h');
        lines.write("alf".getBytes(StandardCharsets.UTF_8), 0, 3);
        writer.offer(line("between"));
        lines.write('\n');
        awaitWritten();
        assertEquals(List.of("whole", "between", "half"), stream.lines());
    }
}
