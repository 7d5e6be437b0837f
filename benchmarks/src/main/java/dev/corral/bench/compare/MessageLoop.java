package dev.corral.bench.compare;

import dev.corral.bench.compare.Tally.Counted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * What the program of every contender does that {@link SendsMessages}. It is the sender, and starts the receiver. It obeys
 * commands, one a line, and answers each with a line when it is done:
 *
 * <ul>
 * <li>{@code round-trip PAYLOAD MILLIS}: sends a body, waits until the receiver has sent the same back, sends the next one, and so on
 * for so long; {@code round-trip P50 P99} are nanoseconds by the sender's clock;
 * <li>{@code one-way PAYLOAD MILLIS}: sends bodies for so long, in windows of {@value #WINDOW}; {@code one-way MESSAGES NANOS}
 * are how many the receiver has got after the first one, and how long after that the end, which follows the last one, by its clock. No
 * more than two windows are on their way at a time, so that memory stays bounded.
 * </ul>
 *
 * <p>Payloads are the words of {@link Payload}. The program ends with its input, and so does the receiver.
 */
abstract class MessageLoop {
    static final int WINDOW = 256;
    /** For what comes after the time for which messages are sent. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the sender says that it has sent, and what has come of it. */
    record Flood(long sent, Counted counted) {}

    /** Nanoseconds of every round trip until then, which is a {@link System#nanoTime}. */
    abstract Histogram roundTrips(Payload payload, long deadline) throws Exception;

    /** Sends until then. */
    abstract Flood flood(Payload payload, long deadline) throws Exception;

    /** What takes its time. */
    interface Action {
        void run() throws Exception;
    }

    /** Nanoseconds of each run, one after another, until then. */
    static Histogram times(Action action, long deadline) throws Exception {
        var nanos = new Histogram(3);
        long now = System.nanoTime();
        do {
            long start = now;
            action.run();
            now = System.nanoTime();
            nanos.recordValue(now - start);
        } while (now - deadline < 0);
        return nanos;
    }

    /** Throws if what has come back is not as long as what was sent. */
    static void check(Payload payload, Object answer) {
        if (Payload.length(answer) != payload.length()) {
            throw new IllegalStateException("what came back has " + Payload.length(answer) + " B, not "
                    + payload.length());
        }
    }

    final void run() {
        int code = 0;
        try (var in = new BufferedReader(new InputStreamReader(System.in))) {
            String line;
            while ((line = in.readLine()) != null) {
                System.out.println(obey(line));
            }
        } catch (Exception e) {
            e.printStackTrace();
            code = 1;
        }
        System.exit(code);
    }

    final String obey(String line) throws Exception {
        String[] words = line.split(" ");
        Payload payload = Payload.ofWord(words[1]);
        long deadline = System.nanoTime() + Duration.ofMillis(Long.parseLong(words[2])).toNanos();
        return switch (words[0]) {
            case "round-trip" -> {
                Histogram nanos = roundTrips(payload, deadline);
                yield "round-trip " + nanos.getValueAtPercentile(50) + " " + nanos.getValueAtPercentile(99);
            }
            case "one-way" -> {
                Counted counted = checked(payload, flood(payload, deadline));
                yield "one-way " + (counted.messages() - 1) + " " + counted.nanos();
            }
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** A rate of messages that were lost or cut short would be no rate. */
    private static Counted checked(Payload payload, Flood flood) throws IOException {
        Counted counted = flood.counted();
        if (counted.messages() != flood.sent() || counted.bytes() != flood.sent() * payload.length()) {
            throw new IOException("of " + flood.sent() + " messages of " + payload.length() + " B "
                    + counted.messages() + " have come, with " + counted.bytes() + " B");
        }
        return counted;
    }
}
