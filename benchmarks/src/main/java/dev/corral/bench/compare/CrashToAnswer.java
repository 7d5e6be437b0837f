package dev.corral.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How long a crash of the only worker is felt by clients. */
final class CrashToAnswer implements Row {
    private static final Duration POLL = Duration.ofNanos(100_000);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Figure median = new Figure("crash to answer", Unit.MILLIS);
    private final Figure slowest = new Figure("slowest of a round", Unit.MILLIS);

    @Override
    public String id() {
        return "crash";
    }

    @Override
    public String title() {
        return "Crash to answer";
    }

    @Override
    public String method(Effort effort) {
        return "One worker. From sending a request on which it throws until its replacement has answered another one, by the"
                + " client's clock: the client asks on a new connection, and again " + POLL.toNanos() / 1000
                + " µs after each one that was refused, cut, or still answered by the old worker. In each round a new master; "
                + warmUps(effort) + " crashes that are not counted; then the median, and the slowest, of "
                + crashes(effort)
                + ".";
    }

    @Override
    public List<Figure> figures() {
        return List.of(median, slowest);
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    private static int warmUps(Effort effort) {
        return effort.of(2, 20);
    }

    private static int crashes(Effort effort) {
        return effort.of(2, 20);
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Group group = Group.start(contender, place)) {
                group.up(1);
                for (int i = 0; i < warmUps(effort); i++) {
                    crash(group.port());
                }
                var millis = new ArrayList<Double>();
                for (int i = 0; i < crashes(effort); i++) {
                    millis.add(crash(group.port()));
                }
                return Map.of(median, Spread.median(millis), slowest,
                        millis.stream().max(Double::compare).orElseThrow());
            }
        };
    }

    private static double crash(int port) throws IOException {
        String victim = ask(port);
        try (Socket crash = connect(port)) {
            long start = System.nanoTime();
            send(crash, "/crash");
            while (!answersOther(victim, port)) {
                if (System.nanoTime() - start > DEADLINE.toNanos()) {
                    throw new IllegalStateException("no replacement within " + DEADLINE.toSeconds() + " s");
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private static boolean answersOther(String victim, int port) {
        try {
            return !ask(port).equals(victim);
        } catch (IOException e) {
            return false;
        }
    }

    /** The answer's last line, which names the worker. */
    private static String ask(int port) throws IOException {
        try (Socket socket = connect(port)) {
            send(socket, "/");
            List<String> lines = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).lines()
                    .toList();
            if (lines.isEmpty() || !lines.getFirst().startsWith("HTTP/1.1 200") || lines.getLast().isEmpty()) {
                throw new IOException("no answer: " + lines);
            }
            return lines.getLast();
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String path) throws IOException {
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }
}
