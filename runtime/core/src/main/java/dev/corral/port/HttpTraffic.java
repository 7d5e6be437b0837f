package dev.corral.port;

import java.nio.ByteBuffer;

/**
 * Determines from the bytes of a connection whether an exchange is under way: a request was read at least in part, and
 * its response has not been written completely. It understands unencrypted HTTP/1.1. With any other traffic the
 * connection always counts as busy. Not thread-safe; its owner calls it under a lock.
 *
 * <p>Until it is asked, it only keeps the first bytes of the last request and of its response; it parses them when it
 * is asked. A response begins with the first write after a read, a request with the first read after a write. A chunked
 * body counts as complete if a write ends with its last chunk. Trailers are not recognized.
 */
final class HttpTraffic {
    private static final int STATUS = "HTTP/1.1 ".length();

    private final HttpMessage request = new HttpMessage();
    private final HttpMessage response = new HttpMessage();
    /** Whether the traffic is not HTTP/1.1, or no longer so. Then the connection counts as busy for ever. */
    private boolean opaque;
    private boolean answering;

    /** Records that this number of bytes was read. The bytes lie before the buffer's position. */
    void read(ByteBuffer buffer, int count) {
        if (opaque) {
            return;
        }
        if (answering) {
            answering = false;
            if (isInterim()) { // the request continues
                opaque |= response.startsWith("HTTP/1.1 101");
            } else {
                opaque |= request.startsWith("CONNECT ");
                request.clear();
            }
            response.clear();
        }
        request.stage(buffer, buffer.position() - count, count);
        request.come(count);
        opaque |= !mayBeRequest();
    }

    private boolean isInterim() {
        return response.at(STATUS) == '1' && response.startsWith("HTTP/1.1 ");
    }

    /** Whether the bytes so far may be an HTTP/1.1 request: not TLS, not HTTP/2, and no header of a proxy before it. */
    private boolean mayBeRequest() {
        int first = request.at(0);
        return first >= 'A' && first <= 'Z' && !request.startsWith("PRI ") && !request.startsWith("PROXY ");
    }

    /** Records that the bytes of this buffer may be written. {@link #wrote} must follow. */
    void writing(ByteBuffer buffer) {
        if (opaque) {
            return;
        }
        response.stage(buffer, buffer.position(), buffer.remaining());
    }

    /** Records that this number of the announced bytes was written. */
    void wrote(int count) {
        if (opaque) {
            return;
        }
        response.come(count);
        if (count > 0) {
            answering = true;
            opaque |= request.total() == 0; // the server has spoken first
        }
    }

    /** Records that bytes were read that cannot be seen here. */
    void lost() {
        opaque = true;
    }

    /** Whether the connection counts as busy for ever. */
    boolean isOpaque() {
        return opaque;
    }

    /** Whether another server could take over the connection now. */
    boolean isIdle() {
        if (opaque || response.isStaged()) { // a write has begun and may not have ended
            return false;
        }
        return request.total() == 0 || (answering && isAnswered());
    }

    private boolean isAnswered() {
        HttpHead asked = request.headAt(0);
        if (asked == null || !asked.isRequest() || asked.last() || !isComplete(request, asked, 0)) {
            return false;
        }
        int from = 0;
        HttpHead head = response.headAt(0);
        while (head != null && head.status() / 100 == 1) {
            from += head.length();
            head = response.headAt(from);
        }
        if (head == null || head.status() == 0 || head.last()) {
            return false;
        }
        boolean hasNoBody = asked.startLine().startsWith("HEAD ") || head.status() == 204 || head.status() == 304;
        if (hasNoBody) {
            return response.total() == from + head.length();
        }
        return head.framed() && isComplete(response, head, from);
    }

    private static boolean isComplete(HttpMessage message, HttpHead head, int from) {
        long body = message.total() - from - head.length();
        return head.chunked() ? body > 0 && message.endsWithLastChunk() : body == head.contentLength();
    }
}
