package dev.corral.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The running processes of a contender: its master, which obeys commands, and whatever that has started. */
final class Group implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String END = "end of output";

    private final Contender contender;
    private final int port;
    private final Path log;
    private final Process master;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);

    private Group(Contender contender, int port, Path log, Process master) {
        this.contender = contender;
        this.port = port;
        this.log = log;
        this.master = master;
        commands = new PrintStream(master.getOutputStream(), true);
    }

    /** Starts the contender's master, on a free port, without any worker. */
    static Group start(Contender contender, Place place) throws IOException {
        int port = freePort();
        return start(contender, place, port, contender.command(place, port));
    }

    /** The same by another command, which is to serve this port. */
    static Group start(Contender contender, Place place, int port, List<String> command) throws IOException {
        Path log = log(contender, place);
        Process master =
                Processes.start(new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())));
        var group = new Group(contender, port, log, master);
        Thread.ofPlatform().daemon().start(group::listen);
        return group;
    }

    /** What the contender prints on standard error. */
    static Path log(Contender contender, Place place) {
        return place.output().resolve(contender.name().toLowerCase().replace(' ', '-') + ".log");
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void listen() {
        try (BufferedReader in = master.inputReader()) {
            in.lines().forEach(answers::add);
        } catch (UncheckedIOException | IOException e) {
            // It was ended by force.
        }
        answers.add(END);
    }

    private String ask(String command) throws InterruptedException {
        commands.println(command);
        String answer = answers.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || !answer.startsWith(command.split(" ")[0])) {
            throw new IllegalStateException(contender.name() + " answered \"" + command + "\" by "
                    + (answer == null ? "nothing for " + DEADLINE.toSeconds() + " s" : answer) + "; see " + log);
        }
        return answer;
    }

    int port() {
        return port;
    }

    /**
     * From the first fork to what all of the forked have reached, by the master's clock.
     *
     * @param onlineMillis until the master knew that the last one is online
     * @param listeningMillis until the master knew that the last one listens
     */
    record BringUp(double onlineMillis, double listeningMillis) {}

    /** Forks so many workers more, and waits until they listen. */
    BringUp up(int workers) throws InterruptedException {
        String[] words = ask("up " + workers).split(" ");
        return new BringUp(Long.parseLong(words[1]) / 1e6, Long.parseLong(words[2]) / 1e6);
    }

    /** Workers that are forked from now on and give no sign of life for 3 times so many milliseconds are replaced; 0: none is. */
    void guard(Duration interval) throws InterruptedException {
        ask("guard " + interval.toMillis());
    }

    /**
     * Replaces all workers, one after another.
     *
     * @return whether that was done in time; if not it goes on, and the group is good for nothing else
     */
    boolean reload(Duration deadline) throws InterruptedException {
        commands.println("reload");
        String answer = answers.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
        if (answer != null && !answer.equals("reload")) {
            throw new IllegalStateException(contender.name() + " answered \"reload\" by " + answer + "; see " + log);
        }
        return answer != null;
    }

    /** Ends all workers. */
    void down() throws InterruptedException {
        ask("down");
    }

    /** Workers that are forked from now on are to be replaced when they keep more than that. */
    void limit(int mib) throws InterruptedException {
        ask("limit " + mib);
    }

    /** Times from sending a message until its answer has come, by the sender's clock. */
    record RoundTrips(double p50Micros, double p99Micros) {}

    /** One after another, for so long. The group is that of a program that sends messages, as {@link #oneWay}'s is. */
    RoundTrips roundTrips(Payload payload, Duration span) throws InterruptedException {
        String[] words = ask("round-trip " + payload.word() + " " + span.toMillis()).split(" ");
        return new RoundTrips(Long.parseLong(words[1]) / 1e3, Long.parseLong(words[2]) / 1e3);
    }

    /** Sends for so long; messages in a second, by the receiver's clock. */
    double oneWay(Payload payload, Duration span) throws InterruptedException {
        String[] words = ask("one-way " + payload.word() + " " + span.toMillis()).split(" ");
        return Long.parseLong(words[1]) * 1e9 / Long.parseLong(words[2]);
    }

    /** What the master's heap holds after a collection. */
    long usedBytes() throws InterruptedException {
        return Long.parseLong(ask("used").split(" ")[1]);
    }

    /** Lets every process collect its garbage. */
    void collect() throws InterruptedException {
        ask("collect");
    }

    /** Proportional set size of all processes. */
    long pssKib() throws IOException {
        return Processes.pssKib(processes());
    }

    Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(master.toHandle()), master.descendants());
    }

    /** Ends all processes. */
    @Override
    public void close() {
        Processes.end(List.of(master));
    }
}
