package dev.corral.it;

import dev.corral.Program;
import dev.corral.testing.Harness;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Tells workers that run {@code programs.Driven} what to do, each when its turn comes. */
final class Driver implements AutoCloseable {
    private final ServerSocket server;
    private final Map<Long, Line> lines = new HashMap<>();

    /** To one worker. */
    private record Line(Socket socket, BufferedReader answers, PrintStream commands) {}

    Driver() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout((int) Harness.LONG.toMillis());
    }

    Program program() {
        return Harness.program("Driven", Integer.toString(server.getLocalPort()));
    }

    /** What the worker answers, once it has done it; waits for the worker to be online. */
    String tell(long worker, String command) throws IOException {
        order(worker, command);
        return answer(to(worker), "worker " + worker + " at: " + command);
    }

    /** To what it was {@linkplain #order ordered} first of what is not answered yet. */
    String answer(long worker) throws IOException {
        return answer(to(worker), "worker " + worker);
    }

    /** As {@link #tell}, for commands that bind a port: its number. */
    int listen(long worker, String command) throws IOException {
        String answer = tell(worker, command);
        try {
            return Integer.parseInt(answer);
        } catch (NumberFormatException e) {
            throw new AssertionError("worker " + worker + " could not " + command + ": " + answer, e);
        }
    }

    /** Does not wait for the answer; there may be none. */
    void order(long worker, String command) throws IOException {
        to(worker).commands.println(command);
    }

    private Line to(long worker) throws IOException {
        while (!lines.containsKey(worker)) {
            Socket socket = server.accept();
            socket.setSoTimeout((int) Harness.LONG.toMillis());
            var line = new Line(socket,
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)),
                    new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8));
            lines.put(Long.valueOf(answer(line, "a worker that has come")), line);
        }
        return lines.get(worker);
    }

    private static String answer(Line line, String of) throws IOException {
        String answer = line.answers.readLine();
        if (answer == null) {
            throw new IOException(of + ": no answer, it has ended");
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Line line : lines.values()) {
            line.socket.close();
        }
    }
}
