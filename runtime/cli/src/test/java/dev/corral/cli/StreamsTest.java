package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private final SlowStream outStream = new SlowStream();
    private final SlowStream errStream = new SlowStream();
    private final LineWriter out = writer(outStream);
    private final LineWriter err = writer(errStream);

    private static LineWriter writer(SlowStream stream) {
        return new LineWriter(stream, note -> (note + "\n").getBytes(StandardCharsets.UTF_8), () -> new byte[0])
                .start("stream", _ -> {});
    }

    private void print(int lines) {
        IntStream.range(0, lines).forEach(i -> out.put((i + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldWaitForASlowReaderWhenNobodyAskedForAStop() throws Exception {
        outStream.room(0);
        print(100);
        var streams = new Streams(out, err, Duration.ZERO);
        Thread closing = Thread.ofPlatform().start(streams::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        outStream.room(Integer.MAX_VALUE);
        closing.join();
        assertEquals(100, outStream.lines().size());
        assertEquals(List.of(), errStream.lines());
    }

    @Test
    void shouldGiveUpByTheDeadlineOfTheStopAndCountWhatIsLost() throws Exception {
        outStream.room(0);
        print(100);
        var streams = new Streams(out, err, Duration.ofMillis(100));
        Thread closing = Thread.ofPlatform().start(streams::close);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        streams.stopping();
        closing.interrupt(); // as the signal does
        closing.join(); // else this test hangs
        assertEquals(
                List.of("100 lines of standard output are lost: they were not read in time, or could not be written"),
                errStream.lines());
    }

    @Test
    void shouldNotWaitForAStreamThatCannotBeWritten() throws Exception {
        outStream.breaks(true);
        print(10);
        await().until(out::isFailing);
        new Streams(out, err, Duration.ofDays(1)).close(); // else this test hangs
        assertTrue(errStream.lines().getFirst().startsWith("10 lines of standard output are lost"),
                errStream.lines().toString());
    }
}
