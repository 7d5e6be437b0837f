package dev.corral.testing;

import static org.awaitility.Awaitility.await;

import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.Worker;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/**
 * A cluster whose events and output lines are kept, with methods that wait for them. The deadlines suit a machine under
 * load.
 */
public final class Harness implements AutoCloseable {
    public static final Duration LONG = Duration.ofSeconds(60);

    static {
        Awaitility.setDefaultTimeout(LONG);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(5));
    }

    public final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    /** The output. A line is {@code 3 O text}: the id of the worker, O for standard output or E for error, the text. */
    public final List<String> lines = new CopyOnWriteArrayList<>();
    public final Cluster cluster;

    public Harness(Program program, UnaryOperator<ClusterConfig> configure) {
        cluster = Cluster.open(program, config -> configure.apply(config.withWorkers(1).withName("it"))
                .withListener(events::add)
                .withOutput((worker, error, line) -> lines.add(worker.id() + (error ? " E " : " O ") + line)));
    }

    /**
     * Returns a class of the package {@code programs} of the core's tests, without the rest of their class path. Only
     * these tests have that package.
     */
    public static Program program(String simpleName, String... args) {
        return Program.classPath(List.of(testClasses()), "programs." + simpleName, args);
    }

    /** Returns the directory of the classes of the core's tests. */
    public static Path testClasses() {
        return jarOf(Harness.class);
    }

    /** Returns the jar or the directory that contains a class. */
    public static Path jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Opens a cluster with one worker, which runs {@code programs.Probe} for one task. */
    public static Harness probe(String what, String... more) {
        return probe(config -> config, what, more);
    }

    public static Harness probe(UnaryOperator<ClusterConfig> configure, String what, String... more) {
        String[] args = new String[more.length + 1];
        args[0] = what;
        System.arraycopy(more, 0, args, 1, more.length);
        return new Harness(program("Probe", args), configure);
    }

    /** Returns {@link Requests#freePort}. */
    public static int freePort() {
        return Requests.freePort();
    }

    /** Returns the lines that a worker has printed to standard output. */
    public List<String> linesOf(long worker) {
        String prefix = worker + " O ";
        return lines.stream().filter(line -> line.startsWith(prefix)).map(line -> line.substring(prefix.length()))
                .toList();
    }

    public void awaitLine(long worker, String text) {
        await("worker " + worker + " prints " + text).until(() -> linesOf(worker).contains(text));
    }

    public String awaitLine(long worker, Predicate<String> line) {
        await().until(() -> linesOf(worker).stream().anyMatch(line));
        return linesOf(worker).stream().filter(line).findFirst().orElseThrow();
    }

    public Exit awaitExit(long worker) {
        await("worker " + worker + " exits").until(() -> exits().stream().anyMatch(exit -> exit.worker() == worker));
        return exits().stream().filter(exit -> exit.worker() == worker).findFirst().orElseThrow();
    }

    public List<Exit> exits() {
        return of(ClusterEvent.Exited.class).stream().map(ClusterEvent.Exited::exit).toList();
    }

    public <E extends ClusterEvent> List<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public void awaitReady(int workers) throws InterruptedException {
        if (!cluster.awaitReady(workers, LONG)) {
            throw new AssertionError(
                    workers + " workers are not ready: " + cluster.stats() + "\n" + events + "\n" + lines);
        }
    }

    public Worker worker(long id) {
        return cluster.worker(id).orElseThrow();
    }

    /** Like {@link Requests#get}, for answers that may take longer. */
    public static String get(int port, String path) throws IOException, InterruptedException {
        return Requests.get(port, path, LONG);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
