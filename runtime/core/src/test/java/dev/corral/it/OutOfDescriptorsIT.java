package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Cluster;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that has run out of file descriptors works as before as soon as it has some again. */
@EnabledOnOs(OS.LINUX)
class OutOfDescriptorsIT {
    private static final int LIMIT = 200;
    /** Descriptors that are left: in the first round, when nothing has happened yet, none. */
    private static final List<String> LEFT = Soak.isOn() || "all".equals(System.getProperty("corral.faults"))
            ? Stream.iterate(0, left -> left < 40, left -> left + 1).map(String::valueOf).toList()
            : List.of("0", "1", "2", "5", "9");

    @TempDir
    Path directory;

    @Test
    void shouldWorkAsBeforeWhenThereAreDescriptorsAgain() throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -n " + LIMIT + " && exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(List.of(), "programs.OutOfDescriptors", Harness.testClasses().toString()));
        command.replaceAll(this::withJars);
        command.addAll(LEFT);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(2 * Harness.LONG.toSeconds(), TimeUnit.SECONDS);
            String text = Files.readString(output);
            assertTrue(ended, text);
            assertEquals(0, process.exitValue(), text);
            LEFT.forEach(left -> assertTrue(text.contains("works again: " + left), text));
            assertTrue(text.contains("closed"), text);
            assertTrue(text.contains("accept on ") && text.contains("Too many open files"), text);
            assertTrue(text.contains(" more times in the last "),
                    "the same failure is logged at a falling rate: " + text);
            assertFalse(text.contains("ExceptionInInitializerError"), text);
            assertFalse(text.contains("NoClassDefFoundError"), text);
            assertFalse(text.contains("lines of this log were dropped"), text);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /**
     * Corral comes in a jar, which stays open. From a directory each class would need a descriptor when it is loaded.
     */
    private String withJars(String argument) {
        Path core = Harness.jarOf(Cluster.class);
        if (!argument.contains(File.pathSeparator) || !Files.isDirectory(core)) {
            return argument;
        }
        return argument.replace(core.toString(), jar(core, "core.jar"))
                .replace(Harness.testClasses().toString(), jar(Harness.testClasses(), "tests.jar"));
    }

    private String jar(Path classes, String name) {
        try (Stream<Path> tree = Files.walk(classes)) {
            Map<String, byte[]> entries = new HashMap<>();
            for (Path file : tree.filter(Files::isRegularFile).filter(file -> !file.endsWith("MANIFEST.MF")).toList()) {
                entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
            return TestJars.write(directory.resolve(name), Map.of(), entries).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
