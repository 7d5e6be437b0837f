package dev.corral.bench.compare.commands;

/** Counts what a receiver gets. Only the receiver's thread uses it. */
public final class Tally {
    private long messages;
    private long bytes;
    private long start;

    /** The count, and the time from the first message to the end mark, by the receiver's clock. */
    public record Counted(long messages, long bytes, long nanos) {
        public static Counted parse(String text) {
            String[] words = text.split(" ");
            return new Counted(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
        }

        /** Returns the text that {@link #parse} reads. */
        public String text() {
            return messages + " " + bytes + " " + nanos;
        }
    }

    public void add(Object body) {
        if (messages++ == 0) {
            start = System.nanoTime();
        }
        bytes += Payload.length(body);
    }

    /** Returns the count and begins again. */
    public Counted end() {
        var counted = new Counted(messages, bytes, System.nanoTime() - start);
        messages = 0;
        bytes = 0;
        return counted;
    }
}
