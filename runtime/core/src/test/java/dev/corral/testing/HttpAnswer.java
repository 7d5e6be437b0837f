package dev.corral.testing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An answer in HTTP/1.1.
 *
 * @param closes whether the connection ends after this answer
 * @param length the number of bytes, from the first byte of the status line
 */
record HttpAnswer(int status, String body, boolean closes, int length) {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final Pattern STATUS = Pattern.compile("http/1\\.1 \\d{3}( .*)?");

    /**
     * Returns the answer at the beginning of these bytes; null if it is not complete. Bytes that are no answer give the
     * status 0.
     *
     * @param count the number of bytes that were received
     * @param ended whether no more bytes follow
     */
    static HttpAnswer of(byte[] bytes, int count, boolean ended) {
        String text = new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END_OF_HEAD);
        if (end < 0) {
            return null;
        }
        String[] head = text.substring(0, end).toLowerCase(Locale.ROOT).split("\r\n");
        int status = STATUS.matcher(head[0]).matches() ? Integer.parseInt(head[0].substring(9, 12)) : 0;
        int begin = end + END_OF_HEAD.length();
        boolean closes = false;
        boolean chunked = false;
        int length = -1;
        for (String line : head) {
            closes |= line.equals("connection: close");
            chunked |= line.equals("transfer-encoding: chunked");
            if (line.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        if (chunked) {
            return ofChunks(status, text, begin, closes);
        }
        if (length < 0) {
            return ended ? new HttpAnswer(status, text.substring(begin), true, count) : null;
        }
        return count < begin + length ? null
                : new HttpAnswer(status, text.substring(begin, begin + length), closes, begin + length);
    }

    private static HttpAnswer ofChunks(int status, String text, int begin, boolean closes) {
        var body = new StringBuilder();
        int at = begin;
        while (true) {
            int line = text.indexOf("\r\n", at);
            if (line < 0) {
                return null;
            }
            int size = Integer.parseInt(text.substring(at, line), 16);
            at = line + 2;
            if (text.length() < at + size + 2) {
                return null;
            }
            body.append(text, at, at + size);
            at += size + 2;
            if (size == 0) {
                return new HttpAnswer(status, body.toString(), closes, at);
            }
        }
    }
}
