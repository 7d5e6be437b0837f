package dev.corral.redirect.stdio;

import dev.corral.thread.StackRoom;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A stream that cuts what is written to it into lines. The bytes are not changed. Thread-safe. */
final class LineSplitter extends OutputStream {
    /**
     * Largest number of bytes of a line. A longer line is cut into parts of at most this size, between two characters
     * of UTF-8.
     */
    static final int MAX_LINE = 64 * 1024;

    private static final int FIRST_SIZE = 128;
    private static final int READ_SIZE = 8 * 1024;

    private final Lines lines;
    private final ReentrantLock lock = new ReentrantLock();
    /** The line so far, its length, and the number of parts that were cut off before. Guarded by the lock. */
    private byte[] line = new byte[FIRST_SIZE];
    private int size;
    private int parts;
    /** Another source of the same lines; null if there is none. Guarded by the lock, like the buffer for it. */
    private @Nullable Source source;
    private byte[] read = new byte[0];

    /** Receives the lines. Called by the thread that printed the end of the line. */
    interface Lines {
        /** Receives a line or one part of a line, with the meaning of {@link dev.corral.OutputSink.Line}. */
        void line(byte[] bytes, int part, boolean last);
    }

    /** A source of bytes in addition to {@link #write}. Its bytes come before those that are written later. */
    interface Source {
        /** Reads what is available, without waiting. Returns 0 if there is nothing now, and -1 at the end. */
        int read(byte[] bytes) throws IOException;
    }

    LineSplitter(Lines lines) {
        this.lines = lines;
    }

    @Override
    public void write(int b) {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        StackRoom.require(); // a line that is lost in the queue would stop all lines behind it
        lock.lock();
        try {
            take();
            add(bytes, offset, length);
        } finally {
            lock.unlock();
        }
    }

    /** Adds the second source. */
    void attach(Source source) {
        lock.lock();
        try {
            this.source = source;
            read = new byte[READ_SIZE];
        } finally {
            lock.unlock();
        }
    }

    /** Takes what the source has now. Returns false at its end. */
    boolean pull() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes what the source has now, at most the contents of a pipe, so that the thread that wants to print can do so.
     * Called under the lock. Returns false at the end of the source.
     */
    private boolean take() {
        if (source == null) {
            return false;
        }
        int all = 0;
        try {
            int length;
            do {
                length = source.read(read);
                add(read, 0, Math.max(0, length));
                all += length;
            } while (length > 0 && all < MAX_LINE);
            if (length < 0) {
                source = null;
            }
            return length >= 0;
        } catch (IOException e) { // the source is closed
            source = null;
            return false;
        }
    }

    /** Adds bytes to the line, and passes on the lines that they end. Called under the lock. */
    private void add(byte[] bytes, int offset, int length) {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            int room = MAX_LINE - size;
            int feed = indexOfFeed(bytes, from, Math.min(end, from + room + 1));
            if (feed >= 0) {
                append(bytes, from, feed - from);
                end();
                from = feed + 1;
            } else {
                int taken = Math.min(room, end - from);
                append(bytes, from, taken);
                from += taken;
                if (from < end) { // the line is full, and goes on
                    cut();
                }
            }
        }
    }

    private static int indexOfFeed(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void append(byte[] bytes, int from, int length) {
        if (line.length - size < length) {
            line = Arrays.copyOf(line, Math.min(MAX_LINE, Math.max(2 * line.length, size + length)));
        }
        System.arraycopy(bytes, from, line, size, length);
        size += length;
    }

    private void end() {
        byte[] all = Arrays.copyOf(line, size);
        int part = parts == 0 ? 0 : parts + 1;
        size = 0;
        parts = 0;
        lines.line(all, part, true);
    }

    /** Passes on what there is as one part. The bytes of an incomplete character begin the next part. */
    private void cut() {
        int kept = incomplete();
        byte[] part = Arrays.copyOf(line, size - kept);
        System.arraycopy(line, size - kept, line, 0, kept);
        size = kept;
        parts++;
        lines.line(part, parts, false);
    }

    /** The number of bytes at the end that begin a character of UTF-8 without completing it. */
    private int incomplete() {
        for (int i = 1; i < 4; i++) {
            int b = line[size - i] & 0xff;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xc0) { // the first byte of a character; it determines their number
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > i ? i : 0;
            }
        }
        return 0;
    }

    /** Ends a line that has begun. Further lines may follow. */
    @Override
    public void close() {
        lock.lock();
        try {
            endBegun();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends a line that has begun. Gives up after a short time, because an abandoned thread may hold the lock for ever.
     */
    void finish() throws InterruptedException {
        if (lock.tryLock(100, TimeUnit.MILLISECONDS)) {
            try {
                endBegun();
            } finally {
                lock.unlock();
            }
        }
    }

    private void endBegun() {
        take();
        if (size > 0 || parts > 0) {
            end();
        }
    }
}
