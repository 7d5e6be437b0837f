package dev.corral.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.corral.testing.Soak;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** {@code runtime/bin/corral}, started as a user starts it, and what it prints. */
final class Command implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(120);
    static final Path LAUNCHER = Path.of("../bin/corral").toAbsolutePath().normalize();

    static {
        // The tests may run with these ignored, by nohup or as a background job; the commands that they start must not.
        ignoreNoMore("HUP");
        ignoreNoMore("INT");
    }

    private static void ignoreNoMore(String name) {
        SignalHandler before = Signal.handle(new Signal(name), _ -> {});
        if (before == SignalHandler.SIG_IGN) {
            assertTrue(Dispositions.ignoreNoMore(name));
        } else {
            Signal.handle(new Signal(name), before);
        }
    }

    final List<String> out = new CopyOnWriteArrayList<>();
    final List<String> err = new CopyOnWriteArrayList<>();
    private final Process process;
    private final List<Thread> readers;

    /** With the option of {@link Soak#compiler}. */
    Command(String... arguments) {
        this(LAUNCHER, Map.of("CORRAL_OPTS", Soak.compiler()), arguments);
    }

    Command(Path launcher, Map<String, String> environment, String... arguments) {
        this(launcher, environment, Redirect.from(new File("/dev/null")), arguments);
    }

    private Command(Path launcher, Map<String, String> environment, Redirect input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectInput(input);
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
    }

    /** With the classes of these tests as class path. */
    static Command ofTestClass(String simpleName, String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", "programs." + simpleName, "-cp", "target/test-classes"));
        all.addAll(List.of(arguments));
        return new Command(all.toArray(String[]::new));
    }

    /**
     * A class of the samples that embeds Corral, in a JVM of its own with nothing but the jars; reads what it is
     * {@link #type}d.
     */
    static Command sample(String simpleName, String... arguments) {
        String path = "target/corral.jar" + File.pathSeparator + "../../samples/target/corral-samples.jar";
        List<String> all =
                new ArrayList<>(
                        List.of("@../jvm.flags", Soak.compiler(), "-cp", path, "dev.corral.samples." + simpleName));
        all.addAll(List.of(arguments));
        return new Command(Path.of(System.getProperty("java.home"), "bin", "java"), Map.of(), Redirect.PIPE,
                all.toArray(String[]::new));
    }

    /** A line of its input. */
    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private static Thread read(InputStream stream, List<String> lines) {
        return Thread.ofVirtual().start(() -> {
            try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("cannot be read: " + e);
            }
        });
    }

    void awaitOut(Predicate<String> line) {
        await().atMost(LONG).until(() -> out.stream().anyMatch(line));
    }

    void awaitErr(Predicate<String> line) {
        await().atMost(LONG).until(() -> err.stream().anyMatch(line));
    }

    /** The objects that have been printed with {@code --json}, values as text. */
    List<Map<String, String>> events(String event) {
        return out.stream().map(Command::parse).filter(object -> event.equals(object.get("event"))).toList();
    }

    List<Map<String, String>> awaitEvents(String event, int count) {
        await().atMost(LONG).until(() -> events(event).size() >= count);
        return events(event);
    }

    /** One flat object. What is nested is passed over. */
    private static Map<String, String> parse(String line) {
        Map<String, String> object = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertTrue(json.nextToken() == JsonToken.START_OBJECT, line);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (json.currentToken().isStructStart()) {
                    json.skipChildren();
                } else {
                    object.put(name, json.getText());
                }
            }
            assertTrue(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null, line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
        return object;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What Linux tells: SIGHUP is the lowest bit. */
    boolean ignoresOrHandlesHup() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .anyMatch(line -> line.matches("Sig(Ign|Cgt):.*[13579bdf]"));
    }

    int awaitExit() throws InterruptedException {
        assertTrue(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS), "it runs on: " + out + err);
        for (Thread reader : readers) {
            reader.join();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
