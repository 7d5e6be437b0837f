package dev.corral.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to one standard stream, on a daemon thread of its own, in order, each line whole. Thread-safe.
 *
 * <p>A line of a worker waits for room while {@value #MAX_BYTES} bytes of such lines are waiting, so a slow reader slows the workers. A line
 * of the command itself never waits. It is dropped while {@value #MAX_BYTES} bytes of the command's lines are waiting, and the number
 * of dropped lines is written when the stream is read again.
 *
 * <p>When the stream cannot be written (nobody can read it any more, the disk is full), that is reported once, and the writer tries
 * again every {@value #RETRY_MILLIS} ms. Until it succeeds nobody waits: lines for which there is no room are dropped and counted.
 */
final class LineWriter {
    static final int MAX_BYTES = 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long RETRY_MILLIS = 200;
    /** Of a descriptor that does not block, and whose reader is slow. */
    private static final long AGAIN_MILLIS = 5;

    private final WritableByteChannel stream;
    /** The bytes of a note of the writer itself. */
    private final Function<String, byte[]> note;
    /** Takes the report that the stream cannot be written. */
    private volatile Consumer<String> trouble = _ -> {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition notEmpty = lock.newCondition();
    /** Signalled when there is room, when everything is written, and when the stream cannot be written. */
    private final Condition changed = lock.newCondition();
    // Guarded by the lock
    private final Deque<Line> waiting = new ArrayDeque<>();
    private long ownBytes;
    private long workersBytes;
    private int unwritten;
    private long dropped;
    private boolean failing;
    // Owned by the thread that writes
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private @Nullable Line current;
    private int position;
    private int inBuffer;

    private record Line(byte[] bytes, boolean own) {}

    /**
     * Not started.
     *
     * @param note the bytes of a line of the writer itself with this text
     */
    LineWriter(WritableByteChannel stream, Function<String, byte[]> note) {
        this.stream = stream;
        this.note = note;
    }

    /**
     * Starts the thread.
     *
     * @param name of the stream, in the name of the thread
     * @param trouble takes the text if the stream cannot be written, once each time that it begins; must not wait
     */
    LineWriter start(String name, Consumer<String> trouble) {
        this.trouble = text -> trouble.accept(name + " " + text);
        Thread.ofPlatform().daemon().name("corral-" + name.replace(' ', '-')).start(this::run);
        return this;
    }

    /** Adds a line of the command itself, with its line feed. Never waits for the reader. */
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

    /** Adds a line with this text of the command itself. Never waits for the reader. */
    void note(String text) {
        offer(note.apply(text));
    }

    /** Adds a line of a worker, with its line feed. Waits for room as long as the stream can be written. */
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

    private void add(Line line) {
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
     * Waits, at most so long, until everything is written. Does not wait for a stream that cannot be written.
     *
     * @return how many lines are not written
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

    /** Whether the stream could not be written the last time. */
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
            } catch (Throwable e) { // want of memory, as a rule: whoever prints must find a writer, whatever happens
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

    /** Under the lock. */
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
            trouble.accept("cannot be written: " + e.getMessage() + "; lines are lost until it can");
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
