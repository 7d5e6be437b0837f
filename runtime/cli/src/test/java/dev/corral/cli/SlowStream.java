package dev.corral.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Of a reader that reads so many bytes, or of a disk that is full. */
final class SlowStream implements WritableByteChannel {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private int room = Integer.MAX_VALUE;
    private boolean blocks = true;
    private boolean broken;

    synchronized void room(int bytes) {
        room = bytes;
        notifyAll();
    }

    synchronized void breaks(boolean now) {
        broken = now;
    }

    /** What does not block takes 0 bytes where there is no room. */
    synchronized void neverBlocks() {
        blocks = false;
    }

    synchronized List<String> lines() {
        return read.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public synchronized int write(ByteBuffer bytes) throws IOException {
        if (broken) {
            throw new IOException("No space left on device");
        }
        while (room == 0 && blocks) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        int length = Math.min(room, Math.min(bytes.remaining(), 777)); // as a pipe, which takes a part
        byte[] taken = new byte[length];
        bytes.get(taken);
        read.writeBytes(taken);
        room -= length;
        return length;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
