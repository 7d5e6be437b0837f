package dev.corral.port;

import java.nio.ByteBuffer;

/**
 * Tells from the bytes of a connection, as far as they are HTTP/1.1 in the clear, whether an exchange is under way: a request was read,
 * in part at least, and its response has not been written to its end. Of anything else it says that something is. Used under a lock.
 *
 * <p>While nobody asks, it only keeps the first bytes of the last request and of its response; they are parsed when somebody does.
 * A response begins with the first write after a read, a request with the first read after a write. A body in chunks is taken to
 * have ended where a write ends with its last chunk, and trailers are not understood.
 */
final class HttpTraffic {
    private static final int STATUS = "HTTP/1.1 ".length();

    private final HttpMessage request = new HttpMessage();
    private final HttpMessage response = new HttpMessage();
    /** What it carries is not HTTP/1.1, or is no more: never again is it known to be idle. */
    private boolean opaque;
    private boolean answering;

    /** So many bytes have been read; they lie before the buffer's position. */
    void read(ByteBuffer buffer, int count) {
        if (opaque) {
            return;
        }
        if (answering) {
            answering = false;
            if (isInterim()) { // the request goes on
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

    /** Whether it may be a request of HTTP/1.1, as far as it is there: no TLS, no HTTP/2, nothing that a proxy has put before it. */
    private boolean mayBeRequest() {
        int first = request.at(0);
        return first >= 'A' && first <= 'Z' && !request.startsWith("PRI ") && !request.startsWith("PROXY ");
    }

    /** The bytes of this buffer may be written. */
    void writing(ByteBuffer buffer) {
        if (opaque) {
            return;
        }
        response.stage(buffer, buffer.position(), buffer.remaining());
    }

    /** So many of them have been. */
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

    /** What goes over it is not known any more. */
    void lost() {
        opaque = true;
    }

    /** Whether it will never be known to be idle. */
    boolean isOpaque() {
        return opaque;
    }

    /** Whether the connection is at a point where another server could go on with it. */
    boolean isIdle() {
        if (opaque || response.isStaged()) { // a write that has begun may still be under way
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
