package dev.corral.testing;

import dev.corral.testing.LoadResult.Failure;
import dev.corral.testing.LoadResult.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One client of a {@link ClosedLoop}, whose thread is the only one that uses it. */
final class LoadClient {
    private static final Predicate<String> GREETING = Pattern.compile("hello from worker \\d+\n").asMatchPredicate();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** After a failure: where nobody answers, clients are not to ask all the time. */
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int LONGEST_ANSWER = 4096;

    private final Selector selector;
    private final LoadTally tally;
    private final InetSocketAddress address;
    private final boolean keepAlive;
    private final ByteBuffer request;
    private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);

    private State state = State.PAUSING;
    /** When that state is over at the latest. */
    private long endNanos = System.nanoTime();
    /** Null if there is none. */
    private SocketChannel channel;
    /** Answers on this connection so far, and the last of them. */
    private int answers;
    private String last = "";

    /** What it is about. */
    private enum State {
        /** Nothing, until it is time for the next request. */
        PAUSING,
        /** Making the connection for a request. */
        CONNECTING,
        /** Reading the answer. */
        READING,
        /** Nothing more. */
        DONE
    }

    LoadClient(ClosedLoop.Load load, Selector selector, LoadTally tally) {
        this.selector = selector;
        this.tally = tally;
        address = new InetSocketAddress("127.0.0.1", load.port());
        keepAlive = load.keepAlive();
        request = ByteBuffer.wrap(("GET " + load.path() + " HTTP/1.1\r\nHost: localhost\r\n"
                + (keepAlive ? "" : "Connection: close\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Does what it is time for; whether there is more to come. */
    boolean look(boolean stopping) {
        if (System.nanoTime() - endNanos >= 0) {
            switch (state) {
                case PAUSING -> begin(stopping);
                case CONNECTING, READING -> fail(Kind.LATE, PATIENCE.toSeconds() + " s in state " + state);
                case DONE -> {
                }
            }
        }
        return state != State.DONE;
    }

    /** Goes on, since its channel is ready. */
    void go(boolean stopping) {
        switch (state) {
            case CONNECTING -> connected();
            case READING -> read(stopping);
            case PAUSING, DONE -> {
            }
        }
    }

    private void begin(boolean stopping) {
        if (stopping) {
            disconnect();
            state = State.DONE;
            return;
        }
        tally.sent();
        endNanos = System.nanoTime() + PATIENCE.toNanos();
        answer.clear();
        if (channel == null) {
            connect();
            return;
        }
        try {
            int unasked = channel.read(answer);
            if (unasked > 0) {
                fail(Kind.BODY, "nobody has asked for: " + text());
                return;
            }
            if (unasked == 0) {
                write();
                return;
            }
        } catch (IOException e) {
            // as if it had been closed: nothing was sent
        }
        tally.reconnected();
        disconnect();
        connect();
    }

    private void connect() {
        state = State.CONNECTING;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            boolean connected = channel.connect(address);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
            if (connected) {
                connected();
            }
        } catch (IOException e) {
            fail(Kind.CONNECT, e.toString());
        }
    }

    private void connected() {
        try {
            channel.finishConnect();
            channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
        } catch (IOException e) {
            fail(Kind.CONNECT, e.toString());
            return;
        }
        try {
            write();
        } catch (IOException e) {
            fail(Kind.RESET, e.toString());
        }
    }

    private void write() throws IOException {
        channel.write(request.rewind());
        if (request.hasRemaining()) {
            throw new IllegalStateException("a part of the request is left, though the kernel's buffer was empty");
        }
        state = State.READING;
    }

    private void read(boolean stopping) {
        boolean ended;
        try {
            ended = channel.read(answer) < 0;
        } catch (IOException e) {
            fail(Kind.RESET, e.toString());
            return;
        }
        HttpAnswer complete = HttpAnswer.of(answer.array(), answer.position(), ended);
        if (complete != null) {
            take(complete, ended, stopping);
        } else if (ended) {
            fail(Kind.CLOSED, "after: " + text());
        } else if (!answer.hasRemaining()) {
            fail(Kind.BODY, "it is too long: " + text());
        }
    }

    private void take(HttpAnswer complete, boolean ended, boolean stopping) {
        if (complete.status() != 200) {
            fail(Kind.STATUS, text());
        } else if (!GREETING.test(complete.body()) || complete.length() != answer.position()) {
            fail(Kind.BODY, text());
        } else {
            tally.answered();
            answers++;
            last = complete.body().strip();
            if (!keepAlive || ended || complete.closes()) {
                disconnect();
            }
            begin(stopping);
        }
    }

    private void fail(Kind kind, String what) {
        String where = channel == null ? "" : " on port " + channel.socket().getLocalPort();
        tally.failed(new Failure(tally.elapsed(), kind,
                what + where + ", after " + answers + " answers" + (answers == 0 ? "" : ", the last: " + last)));
        disconnect();
        state = State.PAUSING;
        endNanos = System.nanoTime() + PAUSE.toNanos();
    }

    private String text() {
        return new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
    }

    private void disconnect() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            channel = null;
            answers = 0;
        }
    }
}
