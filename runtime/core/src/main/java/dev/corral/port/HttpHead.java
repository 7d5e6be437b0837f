package dev.corral.port;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message (RFC 9112). The parser is strict: it does not accept an unusual head.
 *
 * @param startLine the request line or status line
 * @param length the length of the head in bytes, including the empty line
 * @param contentLength the length of the body in bytes; 0 if no header field states it
 * @param framed whether the end of the body is known, by a length or by chunks
 * @param chunked whether the body comes in chunks
 * @param last whether the sender announces that the connection ends after this exchange
 */
record HttpHead(String startLine, int length, long contentLength, boolean framed, boolean chunked, boolean last) {
    private static final String VERSION = "HTTP/1.1";

    /**
     * Parses the head that begins at {@code from}; null if no head ends before {@code to} or the bytes are not a valid
     * head.
     */
    static @Nullable HttpHead parse(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return null;
        }
        List<String> lines = List.of(text.substring(0, end).split("\r\n", -1));
        List<String> lengths = new ArrayList<>();
        boolean chunked = false;
        boolean last = false;
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                return null;
            }
            String value = line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> lengths.add(value);
                case "transfer-encoding" -> {
                    if (!value.equals("chunked")) {
                        return null;
                    }
                    chunked = true;
                }
                case "connection" -> last |= List.of(value.split("\\s*,\\s*")).contains("close");
                default -> {
                    // this field does not change the length
                }
            }
        }
        long contentLength = lengths.isEmpty() ? 0 : lengthOf(lengths);
        if (contentLength < 0 || (chunked && !lengths.isEmpty())) {
            return null;
        }
        return new HttpHead(lines.getFirst(), end + 4, contentLength, chunked || !lengths.isEmpty(), chunked, last);
    }

    private static long lengthOf(List<String> values) {
        String value = values.getFirst();
        boolean isOne = values.size() == 1 && !value.isEmpty() && value.length() < 19
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return isOne ? Long.parseLong(value) : -1;
    }

    boolean isRequest() {
        return startLine.endsWith(" " + VERSION);
    }

    /** Returns the status code, 100 to 599; 0 if this is not a response. */
    int status() {
        if (!startLine.startsWith(VERSION + " ") || startLine.length() < VERSION.length() + 4) {
            return 0;
        }
        String code = startLine.substring(VERSION.length() + 1, VERSION.length() + 4);
        return code.matches("[1-5][0-9][0-9]") ? Integer.parseInt(code) : 0;
    }
}
