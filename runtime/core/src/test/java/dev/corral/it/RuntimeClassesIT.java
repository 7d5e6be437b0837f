package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that a program defines while it runs are woven like its others. */
class RuntimeClassesIT {
    @TempDir
    static Path directory;

    @BeforeAll
    static void compile() throws IOException {
        for (String[] made : new String[][]{{"Spins", "for (;;) { }"}, {"Exits", "System.exit(7);"},
                {"Connects", "new java.net.Socket();"},
                {"Prints", "System.out.println(\"printed by \" + getClass().getClassLoader().getParent());"}}) {
            Path source = Files.createDirectories(directory.resolve("source")).resolve(made[0] + ".java");
            Files.writeString(source, """
                    package programs;
                    public class %s implements Runnable {
                        public void run() { %s }
                    }
                    """.formatted(made[0], made[1]));
            var javac = ToolProvider.getSystemJavaCompiler();
            assertNotNull(javac, "the tests run on a JDK");
            assertEquals(0, javac.run(null, null, null, "-d", directory.toString(), source.toString()));
        }
        Path module = Files.createDirectories(directory.resolve("source/made")).resolve("module-info.java");
        Files.writeString(module, "module made { exports programs; }");
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d",
                directory.resolve("made").toString(), module.toString(),
                directory.resolve("source/Spins.java").toString()));
        try (var jar = new JarOutputStream(Files.newOutputStream(directory.resolve("made.jar")))) {
            for (String name : List.of("programs/Spins.class", "programs/Exits.class")) {
                jar.putNextEntry(new JarEntry(name));
                Files.copy(directory.resolve(name), jar);
            }
        }
    }

    /**
     * Its class is defined by a loader of the JDK, which no woven call passes; so it has no checkpoint, and is stopped.
     */
    @ParameterizedTest
    @CsvSource({"true,0", "false,1"})
    void shouldWeaveWhatOthersDefineIfItIsAnAgent(boolean isAgent, int stopped) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), Soak.compiler(),
                        "@../jvm.flags"));
        if (isAgent) {
            command.add("-javaagent:" + Harness.jarOf(Cluster.class));
        }
        String classPath = classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), "programs.Late", classPath, "layer", "Spins",
                        directory.resolve("made").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(isAgent, lines.getFirst().contains("LATE_WEAVING"), lines.toString());
        assertTrue(lines.containsAll(List.of("unwoven 0", "stopped " + stopped)), lines.toString());
    }

    private static List<Path> classPath() {
        return Stream.concat(Stream.of(Harness.testClasses()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                        .filter(path -> path.getFileName().toString().matches("(byte-buddy|groovy)-.*")))
                .toList();
    }

    private static Harness open(String how, String name) {
        return new Harness(Program.classPath(classPath(), "programs.Generated", how, name, directory.toString()),
                config -> config.withRestart(RestartPolicy.NEVER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lookup", "hidden", "hidden-with-data", "unnamed", "named", "padded", "domain", "buffer",
            "reflective", "handle", "source", "source-buffer", "url", "url-instance", "url-reference", "url-subclass",
            "url-jar", "orphan",
            "url-orphan", "bytebuddy", "groovy"})
    void shouldKillWhatWasDefinedAtRunTime(String how) throws Exception {
        try (var it = open(how, "Spins")) {
            it.awaitLine(1, "runs");
            var worker = it.worker(1);
            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(entry -> entry.getKey().getName().equals("it#1/main") && isMade(entry.getValue())));
            assertEquals(0, worker.stats().unwoven());
            assertEquals(List.of(), worker.kill().get().abandonedThreads());
            assertEquals(0, it.cluster.stats().stoppedThreads(), "it has checkpoints, so it needs no stop");
        }
    }

    /** The program has called what it made. */
    private static boolean isMade(StackTraceElement[] frames) {
        return frames.length > 1 && frames[0].getMethodName().equals("run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lookup", "hidden", "named", "url", "orphan", "reflective", "handle",
            "bytebuddy"})
    void shouldEndOnlyTheWorkerWhoseClassExits(String how) {
        try (var it = open(how, "Exits")) {
            Exit exit = it.awaitExit(1);
            assertEquals(new ExitReason.Completed(7), exit.reason());
        }
    }

    /** The classes that stand in for those of the JDK are found through the loader. */
    @ParameterizedTest
    @ValueSource(strings = {"orphan", "url-orphan"})
    void shouldCountWhatCannotBeWoven(String how) {
        try (var it = open(how, "Connects")) {
            it.awaitLine(1, "has run");
            assertEquals(1, it.worker(1).stats().unwoven());
        }
    }

    @Test
    void shouldMakeTheWorkersLoaderTheParentOfLoadersWithoutOne() {
        for (String how : List.of("named", "source", "url", "url-reference", "url-subclass")) {
            try (var it = open(how, "Prints")) {
                assertTrue(it.awaitLine(1, line -> line.startsWith("printed by ")).endsWith("loader it#1"), how);
            }
        }
    }
}
