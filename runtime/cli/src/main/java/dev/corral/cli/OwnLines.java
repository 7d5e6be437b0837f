package dev.corral.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;

/**
 * Collects what code outside of workers prints on a standard stream, such as the log, into whole lines. Never waits.
 * Thread-safe.
 */
final class OwnLines extends OutputStream {
    private static final int MAX_LINE = 64 * 1024;

    private final Consumer<byte[]> lines;
    /** The line so far. Guarded by the monitor. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * Creates a stream.
     *
     * @param lines receives each line, including its line feed
     */
    OwnLines(Consumer<byte[]> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(int b) {
        line.write(b);
        if (b == '\n' || line.size() >= MAX_LINE) {
            end();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    private void end() {
        lines.accept(line.toByteArray());
        line.reset();
    }
}
