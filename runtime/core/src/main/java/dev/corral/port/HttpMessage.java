package dev.corral.port;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of one request or response that are kept: the first ones, the last five, and their total number. */
final class HttpMessage {
    /** The largest head that is kept, in bytes. */
    private static final int MOST = 8192;
    private static final int FIRST_CAPACITY = 512;
    /** The end of a chunked body without trailers, in the form of {@link #tail}. */
    private static final long LAST_CHUNK = tailOf("0\r\n\r\n");
    private static final long TAIL_MASK = (1L << 40) - 1;

    private byte[] head = {};
    private long total;
    /** The last five bytes; the last one is the lowest byte of this number. */
    private long tail;
    /** The number of bytes that were staged behind {@link #total}. */
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

    /** Adds bytes that may follow. A call of {@link #come} confirms how many of them did. */
    void stage(ByteBuffer bytes, int from, int count) {
        if (staged == 0) {
            stagedTail = tail;
        }
        keep(bytes, from, count, total + staged);
        for (int i = Math.max(0, count - 5); i < count; i++) {
            stagedTail = ((stagedTail << 8) | (bytes.get(from + i) & 0xff)) & TAIL_MASK;
        }
        staged += count;
    }

    private void keep(ByteBuffer bytes, int from, int count, long at) {
        int kept = 0;
        while (kept < count && (at + kept < head.length || (at + kept == head.length && grow()))) {
            int index = (int) at + kept;
            int next = Math.min(count - kept, head.length - index);
            bytes.get(from + kept, head, index, next);
            kept += next;
        }
    }

    /** Makes room for more bytes of the head; false if the head is complete, so that the rest is body, or too long. */
    private boolean grow() {
        if (head.length >= MOST || endOfHead() >= 0) {
            return false;
        }
        head = Arrays.copyOf(head, Math.max(FIRST_CAPACITY, 2 * head.length));
        return true;
    }

    private int endOfHead() {
        for (int i = 0; i + 3 < head.length; i++) {
            if (head[i] == '\r' && head[i + 1] == '\n' && head[i + 2] == '\r' && head[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Confirms this number of staged bytes. The other bytes were not transferred, and may be staged again. */
    void come(int count) {
        tail = count == staged ? stagedTail : 0;
        total += count;
        staged = 0;
    }

    /** Whether there are staged bytes that were not confirmed. */
    boolean isStaged() {
        return staged > 0;
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

    /** Returns the byte at this index; -1 if it has not come yet. */
    int at(int index) {
        return index < total ? head[index] : -1;
    }

    /** Parses the head that begins at this index of the message; null if it is incomplete, too long or not valid. */
    @Nullable
    HttpHead headAt(int from) {
        return HttpHead.parse(head, from, (int) Math.min(total, head.length));
    }

    boolean endsWithLastChunk() {
        return tail == LAST_CHUNK;
    }
}
