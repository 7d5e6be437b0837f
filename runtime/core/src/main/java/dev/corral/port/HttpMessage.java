package dev.corral.port;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What is kept of the bytes of one request or response: the first ones, the last ones, and how many there are. */
final class HttpMessage {
    /** No head is longer, or it is not looked at. */
    private static final int MOST = 8192;
    private static final int FIRST_CAPACITY = 512;
    /** The end of a body in chunks without trailers, as {@link #tail} holds it. */
    private static final long LAST_CHUNK = tailOf("0\r\n\r\n");
    private static final long TAIL_MASK = (1L << 40) - 1;

    private byte[] head = {};
    private long total;
    /** The last five bytes, the very last one lowest. */
    private long tail;
    /** How many bytes have been put behind {@link #total} that may be written. */
    private long staged;
    private long stagedTail;

    private static long tailOf(String text) {
        return text.chars().asLongStream().reduce(0, (tail, next) -> (tail << 8) | next);
    }

    void clear() {
        total = 0;
        tail = 0;
        staged = 0;
    }

    /** Adds bytes that may come; how many of them do is told by {@link #come}. */
    void stage(ByteBuffer bytes, int from, int count) {
        long at = total + staged;
        if (staged == 0) {
            stagedTail = tail;
        }
        if (at < MOST) {
            int kept = (int) Math.min(count, MOST - at);
            int needed = (int) at + kept;
            if (needed > head.length) {
                head = Arrays.copyOf(head, Math.min(MOST, Math.max(FIRST_CAPACITY, 2 * needed)));
            }
            bytes.get(from, head, (int) at, kept);
        }
        for (int i = Math.max(0, count - 5); i < count; i++) {
            stagedTail = ((stagedTail << 8) | (bytes.get(from + i) & 0xff)) & TAIL_MASK;
        }
        staged += count;
    }

    /** So many of the bytes that were staged have come. The others have not, and may be staged again. */
    void come(int count) {
        tail = count == staged ? stagedTail : 0;
        total += count;
        staged = 0;
    }

    long total() {
        return total;
    }

    boolean startsWith(String ascii) {
        if (total < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (head[i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The byte at that place, or -1 if there is none yet. */
    int at(int index) {
        return index < total ? head[index] : -1;
    }

    /** The head that begins at that place of the message; null if it is not complete, too long or none. */
    @Nullable
    HttpHead headAt(int from) {
        return HttpHead.parse(head, from, (int) Math.min(total, Math.min(MOST, head.length)));
    }

    boolean endsWithLastChunk() {
        return tail == LAST_CHUNK;
    }
}
