package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.samples.Zombie;
import dev.corral.testing.Harness;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A JVM of its own that runs {@code programs.Watched}: it may be stopped, debugged, overloaded and short of memory. */
final class WatchedJvm implements AutoCloseable {
    /** Until its workers are ready, beside other work of the machine. */
    private static final Duration START = Duration.ofMinutes(3);

    final int port = Harness.freePort();
    /** All that it has printed. */
    final List<String> lines = new CopyOnWriteArrayList<>();
    private final Process process;

    /**
     * Starts it.
     *
     * @param how the program looks, and how much of that: see {@code programs.Innocent}
     * @param classes more of the program; may be empty
     * @param options of the JVM
     */
    WatchedJvm(String how, int amount, List<Path> classes, String... options) throws IOException {
        List<String> code = new ArrayList<>(
                List.of(Harness.jarOf(WatchedJvm.class).toString(), Harness.jarOf(Zombie.class).toString()));
        classes.forEach(each -> code.add(each.toString()));
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + Path.of("..", "..", "jvm.flags"),
                        "-Dcode=" + String.join(File.pathSeparator, code)));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "programs.Watched", how,
                Integer.toString(port), Integer.toString(amount)));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("cannot be read: " + e);
        }
    }

    void awaitReady(int workers) {
        await("workers are ready").atMost(START)
                .until(() -> of("Ready ").size() >= workers || !of("Exited ").isEmpty() || !process.isAlive());
        assertNobodyIsCondemned();
        assertEquals(workers, of("Ready ").size(), () -> lines.toString());
    }

    List<String> of(String event) {
        return lines.stream().filter(line -> line.startsWith(event)).toList();
    }

    /** Nobody was condemned. A missed look or two are a warning. */
    void assertNobodyIsCondemned() {
        assertEquals(List.of(), of("BecameZombie "), () -> lines.toString());
        assertEquals(List.of(), of("Exited "), () -> lines.toString());
    }

    /** A signal, as the command {@code kill} names it. */
    void signal(String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
