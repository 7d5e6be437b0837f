package dev.corral.it;

import static org.awaitility.Awaitility.await;

import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.Worker;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** A cluster whose events and lines are kept, and what tests ask of it. Deadlines are for a machine under load. */
final class Harness implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    static {
        Awaitility.setDefaultTimeout(LONG);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    }

    final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    /** As {@code 3 O text}: id, stream, line. */
    final List<String> lines = new CopyOnWriteArrayList<>();
    final Cluster cluster;

    Harness(Program program, UnaryOperator<ClusterConfig> configure) {
        cluster = Cluster.open(program, config -> configure.apply(config.withWorkers(1).withName("it"))
                .withListener(events::add)
                .withOutput((worker, error, line) -> lines.add(worker.id() + (error ? " E " : " O ") + line)));
    }

    /** A class of package {@code programs}, without the rest of the tests' class path. */
    static Program program(String simpleName, String... args) {
        return Program.classPath(List.of(testClasses()), "programs." + simpleName, args);
    }

    static Path testClasses() {
        return jarOf(Harness.class);
    }

    static Path jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** One worker of {@code programs.Probe} that does one thing. */
    static Harness probe(String what, String... more) {
        return probe(config -> config, what, more);
    }

    static Harness probe(UnaryOperator<ClusterConfig> configure, String what, String... more) {
        String[] args = new String[more.length + 1];
        args[0] = what;
        System.arraycopy(more, 0, args, 1, more.length);
        return new Harness(program("Probe", args), configure);
    }

    static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    List<String> linesOf(long worker) {
        String prefix = worker + " O ";
        return lines.stream().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length()))
                .toList();
    }

    void awaitLine(long worker, String text) {
        await("worker " + worker + " prints " + text).until(() -> linesOf(worker).contains(text));
    }

    String awaitLine(long worker, Predicate<String> line) {
        await().until(() -> linesOf(worker).stream().anyMatch(line));
        return linesOf(worker).stream().filter(line).findFirst().orElseThrow();
    }

    Exit awaitExit(long worker) {
        await("worker " + worker + " exits").until(() -> exits().stream().anyMatch(exit -> exit.worker() == worker));
        return exits().stream().filter(exit -> exit.worker() == worker).findFirst().orElseThrow();
    }

    List<Exit> exits() {
        return of(ClusterEvent.Exited.class).stream().map(ClusterEvent.Exited::exit).toList();
    }

    <E extends ClusterEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    void awaitReady(int workers) throws InterruptedException {
        if (!cluster.awaitReady(workers, LONG)) {
            throw new AssertionError(
                    workers + " workers are not ready: " + cluster.stats() + "\n" + events + "\n" + lines);
        }
    }

    Worker worker(long id) {
        return cluster.worker(id).orElseThrow();
    }

    /** One request on a connection of its own; the body of the answer. */
    static String get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(LONG).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
