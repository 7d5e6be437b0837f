package dev.corral.bench.compare.commands;

import dev.corral.bench.compare.commands.Tally.Counted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * The program of every contender that sends messages. It is the sender, and starts the receiver. It reads commands, one
 * per line, and answers each with one line when it is done:
 *
 * <ul>
 * <li>{@code round-trip PAYLOAD MILLIS}: sends a body, waits until the receiver has sent an equal one back, sends the
 * next one, and so on for this time. The answer {@code round-trip P50 P99} has nanoseconds by the sender's clock;
 * <li>{@code one-way PAYLOAD MILLIS}: sends bodies for this time, in windows of {@value #WINDOW}. The answer
 * {@code one-way MESSAGES NANOS} has the number of messages that the receiver got after the first one, and the time
 * from the first one to the end mark, which follows the last one, by the receiver's clock. At most two windows are on
 * their way at a time, so that memory stays bounded.</ul>
 *
 * <p>Payloads are the words of {@link Payload}. The program ends with its input, and so does the receiver.
 */
public abstract class MessageLoop {
    public static final int WINDOW = 256;
    /** The time for the work that follows the time of sending. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The number of messages that were sent, and what the receiver has counted. */
    public record Flood(long sent, Counted counted) {}

    /** Makes round trips until the deadline, which is a {@link System#nanoTime}. Returns their times in nanoseconds. */
    protected abstract Histogram roundTrips(Payload payload, long deadline) throws Exception;

    /** Sends until the deadline. */
    protected abstract Flood flood(Payload payload, long deadline) throws Exception;

    /** An action whose time is measured. */
    protected interface Action {
        void run() throws Exception;
    }

    /** Runs an action again and again until the deadline. Returns the times in nanoseconds. */
    protected static Histogram times(Action action, long deadline) throws Exception {
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

    /** Throws an exception if the answer is not as long as the message. */
    protected static void check(Payload payload, Object answer) {
        if (Payload.length(answer) != payload.length()) {
            throw new IllegalStateException("what came back has " + Payload.length(answer) + " B, not "
                    + payload.length());
        }
    }

    protected final void run() {
        int code = 0;
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
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

    /**
     * Returns the count, after a check that no message was lost or cut short; otherwise the rate would mean nothing.
     */
    private static Counted checked(Payload payload, Flood flood) throws IOException {
        Counted counted = flood.counted();
        if (counted.messages() != flood.sent() || counted.bytes() != flood.sent() * payload.length()) {
            throw new IOException("of " + flood.sent() + " messages of " + payload.length() + " B "
                    + counted.messages() + " have come, with " + counted.bytes() + " B");
        }
        return counted;
    }
}
