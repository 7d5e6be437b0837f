package dev.corral.redirect;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Cuts what is printed into lines. Thread-safe. */
final class LineSplitter extends OutputStream {
    /** Longer lines come in pieces of this many bytes. */
    static final int MAX_LINE = 64 * 1024;

    private final Consumer<String> lines;
    private final ReentrantLock lock = new ReentrantLock();
    /** The line so far. Guarded by the lock. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(int b) {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            int start = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, start, i - start);
                    end();
                    start = i + 1;
                } else if (line.size() + i - start >= MAX_LINE) {
                    line.write(bytes, start, i - start);
                    end();
                    start = i;
                }
            }
            line.write(bytes, start, offset + length - start);
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** Ends a line that has begun. Gives up where a thread that is gone still holds the lock. */
    void finish() throws InterruptedException {
        if (lock.tryLock(100, TimeUnit.MILLISECONDS)) {
            try {
                if (line.size() > 0) {
                    end();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
