package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that a program defines while it runs are woven like its others. */
class RuntimeClassesIT {
    @TempDir
    static Path directory;

    @BeforeAll
    static void compile() throws IOException {
        for (String[] made : new String[][]{{"Spins", "for (;;) { }"}, {"Exits", "System.exit(7);"},
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
        try (var jar = new JarOutputStream(Files.newOutputStream(directory.resolve("made.jar")))) {
            for (String name : List.of("programs/Spins.class", "programs/Exits.class")) {
                jar.putNextEntry(new JarEntry(name));
                Files.copy(directory.resolve(name), jar);
            }
        }
    }

    private static Harness open(String how, String name) {
        List<Path> classPath = Stream.concat(Stream.of(Harness.testClasses()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                        .filter(path -> path.getFileName().toString().matches("(byte-buddy|groovy)-.*")))
                .toList();
        return new Harness(Program.classPath(classPath, "programs.Generated", how, name, directory.toString()),
                config -> config.withRestart(RestartPolicy.NEVER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lookup", "hidden", "hidden-with-data", "unnamed", "named", "padded", "domain", "buffer",
            "reflective", "handle", "source", "source-buffer", "url", "url-instance", "url-reference", "url-subclass",
            "url-jar", "bytebuddy",
            "groovy"})
    void shouldKillWhatWasDefinedAtRunTime(String how) throws Exception {
        try (var it = open(how, "Spins")) {
            it.awaitLine(1, "runs");
            var worker = it.worker(1);
            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(entry -> entry.getKey().getName().equals("it#1/main") && isMade(entry.getValue())));
            assertEquals(0, worker.stats().unwoven());
            assertEquals(List.of(), worker.kill().get().abandonedThreads());
        }
    }

    /** The program has called what it made. */
    private static boolean isMade(StackTraceElement[] frames) {
        return frames.length > 1 && frames[0].getMethodName().equals("run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lookup", "hidden", "named", "url", "bytebuddy"})
    void shouldEndOnlyTheWorkerWhoseClassExits(String how) {
        try (var it = open(how, "Exits")) {
            Exit exit = it.awaitExit(1);
            assertEquals(new ExitReason.Completed(7), exit.reason());
        }
    }

    /** The gate is found through the loader. */
    @ParameterizedTest
    @ValueSource(strings = {"orphan", "url-orphan"})
    void shouldCountWhatCannotBeWoven(String how) {
        try (var it = open(how, "Prints")) {
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
