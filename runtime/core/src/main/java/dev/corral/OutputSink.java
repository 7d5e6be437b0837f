package dev.corral;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Takes what workers print, line by line. Called on the output thread of the worker's slot, so a slow sink slows the workers of
 * that slot only: while 1,024 lines or 1 MiB of them wait, printing waits. What the sink throws is logged, and the line is lost.
 */
@FunctionalInterface
public interface OutputSink {
    /**
     * One line as text, without its line break. A line longer than 64 KiB comes in several calls.
     *
     * @param error true for standard error
     */
    void line(Worker worker, boolean error, String line);

    /**
     * One line, or one part of a line longer than 64 KiB, in the bytes that the worker printed. This method is the one that Corral
     * calls. The default implementation passes the text to {@link #line(Worker, boolean, String)}.
     */
    default void line(Worker worker, Line line) {
        line(worker, line.error(), line.text());
    }

    /** A line that a worker printed, or one part of a long line. Immutable, but for the content of the array. */
    final class Line {
        private final boolean error;
        private final byte[] bytes;
        private final Charset charset;
        private final int part;
        private final boolean last;

        /**
         * A line or part.
         *
         * @param error true for standard error
         * @param bytes as they were printed, without the line feed at the end; not copied
         * @param charset of the stream that the worker printed on
         * @param part 0 for a whole line; else 1 for the first part of a long line, 2 for the second, and so on
         * @param last whether the line ends here
         */
        public Line(boolean error, byte[] bytes, Charset charset, int part, boolean last) {
            this.error = error;
            this.bytes = bytes;
            this.charset = charset;
            this.part = part;
            this.last = last;
        }

        /** True for standard error. */
        public boolean error() {
            return error;
        }

        /** The bytes as they were printed, without the line feed at the end; not copied. */
        public byte[] bytes() {
            return bytes;
        }

        /** 0 for a whole line; else 1 for the first part of a long line, 2 for the second, and so on. */
        public int part() {
            return part;
        }

        /** Whether the line ends here: true for a whole line and for the last part of a long one. */
        public boolean last() {
            return last;
        }

        /**
         * The line as text, without a carriage return at the end. Bytes that are valid UTF-8 are decoded as UTF-8. All other bytes are
         * decoded with the charset of the worker's stream, which replaces what is invalid in it with U+FFFD.
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
