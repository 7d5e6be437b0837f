package dev.corral.bench.compare;

/** What a receiver counts. Owned by its thread. */
final class Tally {
    private long messages;
    private long bytes;
    private long start;

    /** What was counted, and the time from the first message to the end, by the receiver's clock. */
    record Counted(long messages, long bytes, long nanos) {
        static Counted parse(String text) {
            String[] words = text.split(" ");
            return new Counted(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
        }

        /** What {@link #parse} reads. */
        String text() {
            return messages + " " + bytes + " " + nanos;
        }
    }

    void add(Object body) {
        if (messages++ == 0) {
            start = System.nanoTime();
        }
        bytes += Payload.length(body);
    }

    /** Begins anew. */
    Counted end() {
        var counted = new Counted(messages, bytes, System.nanoTime() - start);
        messages = 0;
        bytes = 0;
        return counted;
    }
}
