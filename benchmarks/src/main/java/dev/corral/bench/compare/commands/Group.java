package dev.corral.bench.compare.commands;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.machine.Processes;
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

/** The running processes of a contender: its master, which obeys commands, and all processes that it has started. */
public final class Group implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final String END = "end of output";

    private final String contender;
    private final int port;
    private final Path log;
    private final Process master;
    private final PrintStream commands;
    private final BlockingQueue<String> answers = new ArrayBlockingQueue<>(16);

    private Group(String contender, int port, Path log, Process master) {
        this.contender = contender;
        this.port = port;
        this.log = log;
        this.master = master;
        commands = new PrintStream(master.getOutputStream(), true);
    }

    /**
     * Starts a master.
     *
     * @param contender the name of its contender, for messages and for the log
     * @param port the port that it serves
     */
    public static Group start(String contender, Place place, int port, List<String> command) throws IOException {
        Path log = place.log(contender);
        Process master =
                Processes.start(new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())));
        var group = new Group(contender, port, log, master);
        Thread.ofPlatform().daemon().start(group::listen);
        return group;
    }

    /** Returns a port of this machine that nobody uses at the moment. */
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void listen() {
        try (BufferedReader in = master.inputReader()) {
            in.lines().forEach(answers::add);
        } catch (UncheckedIOException | IOException e) {
            // the process was killed
        }
        answers.add(END);
    }

    private String ask(String command) throws InterruptedException {
        commands.println(command);
        String answer = answers.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || !answer.startsWith(command.split(" ")[0])) {
            throw new IllegalStateException(contender + " answered \"" + command + "\" by "
                    + (answer == null ? "nothing for " + DEADLINE.toSeconds() + " s" : answer) + "; see " + log);
        }
        return answer;
    }

    public int port() {
        return port;
    }

    /**
     * The time from the first fork until all new workers have reached a state, by the master's clock.
     *
     * @param onlineMillis until the master knew that the last worker is online
     * @param listeningMillis until the master knew that the last worker listens
     */
    public record BringUp(double onlineMillis, double listeningMillis) {}

    /**
     * Forks this number of workers, and waits until they listen.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public BringUp up(int workers) throws InterruptedException {
        String[] words = ask("up " + workers).split(" ");
        return new BringUp(Long.parseLong(words[1]) / 1e6, Long.parseLong(words[2]) / 1e6);
    }

    /**
     * Makes the master replace workers that give no sign of life for 3 intervals; with 0 none is replaced. Applies to
     * workers that are forked later.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public void guard(Duration interval) throws InterruptedException {
        ask("guard " + interval.toMillis());
    }

    /**
     * Replaces all workers, one after another.
     *
     * @return whether that ended in time; if not, it continues, and the group cannot be used any more
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public boolean reload(Duration deadline) throws InterruptedException {
        commands.println("reload");
        String answer = answers.poll(deadline.toMillis(), TimeUnit.MILLISECONDS);
        if (answer != null && !answer.equals("reload")) {
            throw new IllegalStateException(contender + " answered \"reload\" by " + answer + "; see " + log);
        }
        return answer != null;
    }

    /**
     * Ends all workers.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public void down() throws InterruptedException {
        ask("down");
    }

    /**
     * Makes the master replace workers that keep more than this. Applies to workers that are forked later.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public void limit(int mib) throws InterruptedException {
        ask("limit " + mib);
    }

    /** Times from sending a message until its answer has arrived, by the sender's clock. */
    public record RoundTrips(double p50Micros, double p99Micros) {}

    /**
     * Makes round trips, one after another, for this time. The group must have been started with a program that sends
     * messages, also for {@link #oneWay}.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public RoundTrips roundTrips(Payload payload, Duration span) throws InterruptedException {
        String[] words = ask("round-trip " + payload.word() + " " + span.toMillis()).split(" ");
        return new RoundTrips(Long.parseLong(words[1]) / 1e3, Long.parseLong(words[2]) / 1e3);
    }

    /**
     * Sends for this time. Returns the messages per second, by the receiver's clock.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public double oneWay(Payload payload, Duration span) throws InterruptedException {
        String[] words = ask("one-way " + payload.word() + " " + span.toMillis()).split(" ");
        return Long.parseLong(words[1]) * 1e9 / Long.parseLong(words[2]);
    }

    /**
     * Returns what the master's heap contains after a collection.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public long usedBytes() throws InterruptedException {
        return Long.parseLong(ask("used").split(" ")[1]);
    }

    /**
     * Makes every process collect its garbage.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public void collect() throws InterruptedException {
        ask("collect");
    }

    /** Returns the proportional set size of all processes, in KiB. */
    public long pssKib() throws IOException {
        return Processes.pssKib(processes());
    }

    public Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(master.toHandle()), master.descendants());
    }

    /** Ends all processes. */
    @Override
    public void close() {
        Processes.end(List.of(master));
    }
}
