package dev.corral.redirect;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Cuts what is printed into lines. The bytes stay as they are. Thread-safe. */
final class LineSplitter extends OutputStream {
    /** A longer line is cut into parts of at most this many bytes, between two characters of UTF-8. */
    static final int MAX_LINE = 64 * 1024;

    private static final int FIRST_SIZE = 128;
    private static final int READ_SIZE = 8 * 1024;

    private final Lines lines;
    private final ReentrantLock lock = new ReentrantLock();
    /** The line so far, its length, and how many parts of it were cut off before. Guarded by the lock. */
    private byte[] line = new byte[FIRST_SIZE];
    private int size;
    private int parts;
    /** Null if there is none. Guarded by the lock. */
    private @Nullable Source source;
    private byte[] read = new byte[0];

    /** Takes the lines, each on the thread that printed its end. */
    interface Lines {
        /** A line or one part of a line; as in {@link dev.corral.OutputSink.Line}. */
        void line(byte[] bytes, int part, boolean last);
    }

    /** Where bytes of these lines come from besides {@link #write}. They come before what is written later. */
    interface Source {
        /** Reads what is there. Returns 0 if there is nothing now, and -1 if there will be nothing any more. Never waits. */
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
        lock.lock();
        try {
            take();
            add(bytes, offset, length);
        } finally {
            lock.unlock();
        }
    }

    void attach(Source source) {
        lock.lock();
        try {
            this.source = source;
            read = new byte[READ_SIZE];
        } finally {
            lock.unlock();
        }
    }

    /** Takes what the source has now. False if it will have nothing any more. */
    boolean pull() {
        lock.lock();
        try {
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. At most what a pipe holds: who prints must come to print. */
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
        } catch (IOException e) { // it is closed
            source = null;
            return false;
        }
    }

    /** Under the lock. */
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

    /** What belongs to a character that is not complete yet starts the next part. */
    private void cut() {
        int kept = incomplete();
        byte[] part = Arrays.copyOf(line, size - kept);
        System.arraycopy(line, size - kept, line, 0, kept);
        size = kept;
        parts++;
        lines.line(part, parts, false);
    }

    /** How many bytes at the end are the beginning of a character of UTF-8. */
    private int incomplete() {
        for (int i = 1; i < 4; i++) {
            int b = line[size - i] & 0xff;
            if (b < 0x80) {
                return 0;
            }
            if (b >= 0xc0) { // the first byte of a character, which tells how many there are
                int length = b >= 0xf0 ? 4 : b >= 0xe0 ? 3 : 2;
                return length > i ? i : 0;
            }
        }
        return 0;
    }

    /** Ends a line that has begun. */
    @Override
    public void close() {
        lock.lock();
        try {
            endBegun();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a line that has begun. Gives up where a thread that is gone still holds the lock. */
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
