package dev.corral.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to one standard stream, on its own daemon thread, in order. Lines are never mixed. Thread-safe.
 *
 * <p>A line of a worker waits for room while {@value #MAX_BYTES} bytes of such lines are waiting, so a slow reader
 * slows the workers. A line of the command itself never waits. It is dropped while {@value #MAX_BYTES} bytes of the
 * command's lines are waiting, and the number of dropped lines is written when the stream is read again.
 *
 * <p>If the stream cannot be written, because its reader has gone or the disk is full, that is reported once. The
 * writer tries again every {@value #RETRY_MILLIS} ms. Until it succeeds no caller waits: lines for which there is no
 * room are dropped and counted.
 */
final class LineWriter {
    static final int MAX_BYTES = 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long RETRY_MILLIS = 200;
    /** The pause before the next attempt to write to a non-blocking descriptor whose reader is slow. */
    private static final long AGAIN_MILLIS = 5;

    private final WritableByteChannel stream;
    /** Creates the bytes of a line of the writer itself, from its text. */
    private final Function<String, byte[]> note;
    /** Creates what stands in front of each line. */
    private final Supplier<byte[]> stamp;
    /** Receives the report that the stream cannot be written. */
    private volatile Consumer<String> trouble = _ -> {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    /** Signalled when there is room, when everything is written, and when the stream cannot be written. */
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private final Deque<Line> waiting = new ArrayDeque<>();
    private long ownBytes;
    private long workersBytes;
    private int unwritten;
    private long dropped;
    private boolean failing;
    // Used by the writing thread only.
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private @Nullable Line current;
    private int position;
    private int inBuffer;

    private static final class Line {
        final byte[] bytes;
        /** Whether this is a line of the command itself. */
        final boolean own;

        Line(byte[] bytes, boolean own) {
            this.bytes = bytes;
            this.own = own;
        }

        Line after(byte[] start) {
            byte[] both = Arrays.copyOf(start, start.length + bytes.length);
            System.arraycopy(bytes, 0, both, start.length, bytes.length);
            return new Line(both, own);
        }
    }

    /**
     * Creates a writer; {@link #start} starts its thread.
     *
     * @param note creates the bytes of a line of the writer itself, from its text
     * @param stamp creates what stands in front of each line; no bytes for nothing
     */
    LineWriter(WritableByteChannel stream, Function<String, byte[]> note, Supplier<byte[]> stamp) {
        this.stream = stream;
        this.note = note;
        this.stamp = stamp;
    }

    /**
     * Starts the thread.
     *
     * @param name the name of the stream, which becomes a part of the thread's name
     * @param trouble receives the text of a report each time that the stream becomes unwritable; must not wait
     */
    LineWriter start(String name, Consumer<String> trouble) {
        this.trouble = text -> trouble.accept(name + " " + text);
        Thread.ofPlatform().daemon().name("corral-" + name.replace(' ', '-')).start(this::run);
        return this;
    }

    /** Adds a line of the command itself, including its line feed. Never waits for the reader. */
    void offer(byte[] line) {
        lock.lock();
        try {
            if (ownBytes >= MAX_BYTES) {
                dropped++;
            } else {
                add(new Line(line, true));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Adds a line of the command itself with this text. Never waits for the reader. */
    void note(String text) {
        offer(note.apply(text));
    }

    /** Adds a line of a worker, including its line feed. Waits for room as long as the stream can be written. */
    void put(byte[] line) {
        lock.lock();
        try {
            while (workersBytes >= MAX_BYTES && !failing) {
                changed.awaitUninterruptibly();
            }
            if (workersBytes >= MAX_BYTES) {
                dropped++;
            } else {
                add(new Line(line, false));
            }
        } finally {
            lock.unlock();
        }
    }

    private void add(Line unstamped) {
        byte[] time = stamp.get();
        Line line = time.length == 0 ? unstamped : unstamped.after(time);
        waiting.add(line);
        unwritten++;
        count(line, line.bytes.length);
        notEmpty.signal();
    }

    private void count(Line line, int bytes) {
        if (line.own) {
            ownBytes += bytes;
        } else {
            workersBytes += bytes;
        }
    }

    /**
     * Waits until everything is written, at most this number of nanoseconds. Does not wait for a stream that cannot be
     * written.
     *
     * @return the number of lines that are not written
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    long await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (unwritten > 0 && !failing && left > 0) {
                left = changed.awaitNanos(left);
            }
            return unwritten + dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the last attempt to write to the stream failed. */
    boolean isFailing() {
        lock.lock();
        try {
            return failing;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            try {
                fill(next());
                write();
            } catch (Throwable e) { // usually no memory; the thread must survive, because lines wait for it
                pause(RETRY_MILLIS);
            }
        }
    }

    private Line next() {
        Line begun = current;
        if (begun != null) {
            return begun;
        }
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                notEmpty.awaitUninterruptibly();
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    /** Removes the next line from the queue. Called with the lock held. */
    private Line take() {
        if (dropped > 0 && ownBytes < MAX_BYTES / 2) {
            byte[] text =
                    note.apply(dropped + " lines were lost here: this stream was not read, or could not be written");
            add(new Line(text, true));
            dropped = 0;
        }
        Line line = waiting.remove();
        count(line, -line.bytes.length);
        changed.signalAll();
        return line;
    }

    private void fill(Line first) {
        for (Line line = first; line != null; line = more()) {
            current = line;
            int length = Math.min(line.bytes.length - position, buffer.remaining());
            buffer.put(line.bytes, position, length);
            position += length;
            if (position < line.bytes.length) {
                return;
            }
            position = 0;
            current = null;
            inBuffer++;
        }
    }

    private @Nullable Line more() {
        lock.lock();
        try {
            return waiting.isEmpty() ? null : take();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        buffer.flip();
        while (buffer.hasRemaining()) {
            try {
                if (stream.write(buffer) == 0) {
                    pause(AGAIN_MILLIS);
                } else {
                    written(buffer.hasRemaining() ? 0 : inBuffer);
                }
            } catch (IOException e) {
                failed(e);
                pause(RETRY_MILLIS);
            }
        }
        buffer.clear();
        inBuffer = 0;
    }

    private void written(int lines) {
        lock.lock();
        try {
            failing = false;
            unwritten -= lines;
            if (unwritten == 0) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void failed(IOException e) {
        boolean first;
        lock.lock();
        try {
            first = !failing;
            failing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (first) {
            trouble.accept("cannot be written: " + e.getMessage() + "; lines are lost until it can be written again");
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
