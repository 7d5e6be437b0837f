package dev.corral.bench.compare.peers.program;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One end of the two pipes between a JVM and its child. A message is a frame: kind, whether it is text, length, bytes.
 */
final class Pipe {
    private static final int BUFFER = 64 * 1024;

    private final DataInputStream in;
    private final DataOutputStream out;

    /** The request to the other end. */
    enum Kind {
        /** Send the body back. */
        ECHO,
        /** Count the message. */
        COUNT,
        /** Send the count back. */
        END;

        /** Returns the first byte of a frame of this kind. */
        int code() {
            return switch (this) {
                case ECHO -> 'e';
                case COUNT -> 'c';
                case END -> 'z';
            };
        }

        static Kind of(int code) throws IOException {
            return switch (code) {
                case 'e' -> ECHO;
                case 'c' -> COUNT;
                case 'z' -> END;
                default -> throw new IOException("no kind of frame: " + code);
            };
        }
    }

    /** A frame whose body is a string or an array of bytes. */
    record Frame(Kind kind, Object body) {}

    Pipe(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in, BUFFER));
        this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
    }

    /** Writes to the buffer; what does not fit goes to the pipe. */
    void write(Kind kind, Object body) throws IOException {
        byte[] bytes = body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) body;
        out.writeByte(kind.code());
        out.writeBoolean(body instanceof String);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Reads a frame. Throws an {@link java.io.EOFException} at the end of the pipe. */
    Frame read() throws IOException {
        Kind kind = Kind.of(in.readByte());
        boolean isText = in.readBoolean();
        byte[] bytes = in.readNBytes(in.readInt());
        return new Frame(kind, isText ? new String(bytes, StandardCharsets.UTF_8) : bytes);
    }
}
