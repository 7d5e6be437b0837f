package dev.corral;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Receives the lines that workers print. It is called on the output thread of the worker's slot, so a slow sink slows
 * only the workers of that slot: while 1,024 lines or 1 MiB wait, printing blocks. If the sink throws, the exception is
 * logged and the line is lost.
 */
@FunctionalInterface
public interface OutputSink {
    /**
     * Receives one line as text, without its line break. A line longer than 64 KiB comes in several calls.
     *
     * @param error true for standard error
     */
    void line(Worker worker, boolean error, String line);

    /**
     * Receives one line, or one part of a line longer than 64 KiB, in the bytes that the worker printed. Corral calls
     * this method. The default implementation passes the text to {@link #line(Worker, boolean, String)}.
     */
    default void line(Worker worker, Line line) {
        line(worker, line.error(), line.text());
    }

    /** A line that a worker printed, or one part of a long line. Immutable, except for the content of the array. */
    final class Line {
        private final boolean error;
        private final byte[] bytes;
        private final Charset charset;
        private final int part;
        private final boolean last;

        /**
         * Creates a line or a part of one.
         *
         * @param error true for standard error
         * @param bytes the bytes as they were printed, without the line feed at the end; not copied
         * @param charset the charset of the stream that the worker printed on
         * @param part 0 for a whole line; otherwise 1 for the first part of a long line, 2 for the second, and so on
         * @param last whether the line ends here
         */
        public Line(boolean error, byte[] bytes, Charset charset, int part, boolean last) {
            this.error = error;
            this.bytes = bytes;
            this.charset = charset;
            this.part = part;
            this.last = last;
        }

        /** Returns true for standard error, false for standard output. */
        public boolean error() {
            return error;
        }

        /** Returns the bytes as they were printed, without the line feed at the end; not copied. */
        public byte[] bytes() {
            return bytes;
        }

        /** Returns 0 for a whole line; otherwise 1 for the first part of a long line, 2 for the second, and so on. */
        public int part() {
            return part;
        }

        /** Returns whether the line ends here: true for a whole line and for the last part of a long one. */
        public boolean last() {
            return last;
        }

        /**
         * Returns the line as text, without a carriage return at the end. Bytes that are valid UTF-8 are decoded as
         * UTF-8. Other bytes are decoded with the charset of the worker's stream, which replaces invalid bytes by
         * U+FFFD.
         */
        public String text() {
            int length = last && bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
            } catch (CharacterCodingException e) {
                return new String(bytes, 0, length, charset);
            }
        }
    }
}
