package dev.corral.bench.compare.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.bench.compare.commands.MessageLoop.Flood;
import dev.corral.bench.compare.commands.Tally.Counted;
import java.io.IOException;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MessageLoopTest {
    /** Has measured before it is asked: round trips of 1 to 100 ns, and this flood. */
    private static MessageLoop loop(Flood flood) {
        return new MessageLoop() {
            @Override
            protected Histogram roundTrips(Payload payload, long deadline) {
                var nanos = new Histogram(3);
                LongStream.rangeClosed(1, 100).forEach(nanos::recordValue);
                return nanos;
            }

            @Override
            protected Flood flood(Payload payload, long deadline) {
                return flood;
            }
        };
    }

    private static MessageLoop loop(long sent, long messages, long bytes) {
        return loop(new Flood(sent, new Counted(messages, bytes, 7000)));
    }

    @Test
    void shouldAnswerTheMedianAndThe99thPercentile() throws Exception {
        assertEquals("round-trip 50 99", loop(1, 1, 100).obey("round-trip text 1"));
    }

    @Test
    void shouldNotCountTheFirstMessageSinceTheClockStartsAtIt() throws Exception {
        assertEquals("one-way 255 7000", loop(256, 256, 25_600).obey("one-way text 1"));
    }

    @Test
    void shouldRefuseAFloodOfWhichMessagesWereLost() {
        var failure = assertThrows(IOException.class, () -> loop(256, 255, 25_500).obey("one-way text 1"));
        assertEquals("of 256 messages of 100 B 255 have come, with 25500 B", failure.getMessage());
    }

    @Test
    void shouldRefuseAFloodOfWhichBodiesWereCutShort() {
        assertThrows(IOException.class, () -> loop(2, 2, 2 * 10_240 - 1).obey("one-way bytes 1"));
    }

    @Test
    void shouldRefuseAPayloadThatThereIsNot() {
        var failure = assertThrows(IllegalArgumentException.class, () -> loop(1, 1, 100).obey("one-way colour 1"));
        assertEquals("there is no payload \"colour\"", failure.getMessage());
    }

    @Test
    void shouldRefuseAnAnswerOfAnotherLength() {
        assertThrows(IllegalStateException.class, () -> MessageLoop.check(Payload.BYTES, new byte[10_239]));
    }
}
