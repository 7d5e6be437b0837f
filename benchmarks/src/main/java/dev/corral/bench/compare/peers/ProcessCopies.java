package dev.corral.bench.compare.peers;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.machine.Processes;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Copies that are separate processes, each on its own port. */
final class ProcessCopies implements Copies {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(5);
    /**
     * Runs its arguments until its standard input ends. This JVM may be killed, and then the measured processes must
     * end as well.
     */
    private static final List<String> WITH_ITS_INPUT = List.of("sh", "-c", "\"$@\" & read -r _; kill $!", "sh");

    private final IntFunction<List<String>> command;
    private final Path log;
    private final List<Process> shells = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    /**
     * Creates the object without any copy.
     *
     * @param command returns the command that runs a copy on a port
     * @param log receives what they print
     */
    ProcessCopies(IntFunction<List<String>> command, Path log) {
        this.command = command;
        this.log = log;
    }

    @Override
    public void startOne() throws IOException, InterruptedException {
        int port = Group.freePort();
        var words = new ArrayList<>(WITH_ITS_INPUT);
        words.addAll(command.apply(port));
        var builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().put("CORRAL_ID", Integer.toString(ports.size() + 1));
        long end = System.nanoTime() + DEADLINE.toNanos();
        shells.add(Processes.start(builder));
        ports.add(port);
        while (!answers(port)) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("no answer within " + DEADLINE.toSeconds() + " s; see " + log);
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean answers(int port) {
        try (var connection = new HttpConnection(port)) {
            connection.ask("/");
            return true;
        } catch (IOException e) {
            return false; // it does not yet listen, or is not ready to serve
        }
    }

    @Override
    public List<Integer> ports() {
        return ports;
    }

    @Override
    public Stream<ProcessHandle> processes() {
        return shells.stream().flatMap(Process::descendants);
    }

    @Override
    public void close() {
        Processes.end(shells);
    }
}
