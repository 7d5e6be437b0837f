package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Capability;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a JVM without flags, or with some of them, can do; and that it says what it cannot. */
class CapabilitiesIT {
    private static final Set<Capability> OF_AGENT_OR_LAUNCHER =
            EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL);
    private static final String ALL = "capabilities " + EnumSet.complementOf(EnumSet.copyOf(OF_AGENT_OR_LAUNCHER));

    /** The jar as users get it: the newest one, because earlier builds may have left jars of other versions. */
    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("corral-core-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .max(Comparator.comparingLong(file -> file.toFile().lastModified())).orElseThrow()
                    .toAbsolutePath();
        }
    }

    private static List<String> runBare(String... flags) throws Exception {
        List<String> command = new ArrayList<>(Arrays.asList(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "programs.Bare"));
        return run(command);
    }

    /** Runs a JVM without the flags of the tests. The programs and a port are added to its command line. */
    private static List<String> run(List<String> options, String... more) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(Soak.compiler());
        command.addAll(options);
        command.addAll(List.of(Harness.testClasses().toString(), Integer.toString(Harness.freePort())));
        command.addAll(Arrays.asList(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }

    private static void assertItRuns(List<String> lines) {
        assertTrue(lines.containsAll(
                List.of("answers {1=10, 2=10}", "killed 137", "ready again true", "closed")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.endsWith("SocketHello: worker 1 (slot 0) is ready")),
                lines.toString());
    }

    private static void assertItHasAll(List<String> lines) {
        assertTrue(lines.contains(ALL), lines.toString());
        assertEquals(1, lines.stream().filter(line -> line.contains("opened packages of the JDK to Corral: ")).count(),
                lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("is absent")), lines.toString());
        assertItRuns(lines);
    }

    @Test
    void shouldHaveAllWithoutAFlag() throws Exception {
        assertItHasAll(runBare());
    }

    @Test
    void shouldHaveAllInsideAFatJar() throws Exception {
        assertItHasAll(run(List.of("-Dnested=" + System.getProperty("java.class.path"), "-cp",
                Harness.testClasses().toString(), "programs.Nested")));
    }

    @Test
    void shouldHaveAllOnTheModulePath() throws Exception {
        assertItHasAll(run(List.of("-p", jar().toString(), "--add-modules", "dev.corral", "-cp",
                Harness.testClasses().toString(), "programs.Bare")));
    }

    /** The agent opens the packages in the way that Java provides, so Corral does not. */
    @Test
    void shouldHaveAllAsAnAgentAlone() throws Exception {
        List<String> lines =
                run(List.of("-javaagent:" + jar(), "-cp", Harness.testClasses().toString(), "programs.Bare"));
        assertTrue(lines.contains("capabilities " + EnumSet.complementOf(EnumSet.of(Capability.RELOAD_SIGNAL))),
                lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("opened packages")), lines.toString());
        assertItRuns(lines);
    }

    @Test
    void shouldOpenNothingIfItMustNot() throws Exception {
        List<String> lines = run(List.of("-cp", System.getProperty("java.class.path"), "programs.Bare"), "closed");
        assertTrue(lines.contains("capabilities []"), lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("restricted method")), lines.toString());
        assertItRuns(lines);
    }

    @Test
    void shouldRefuseWhatIsRequiredAndAbsentAndRunWithoutItOtherwise() throws Exception {
        List<String> lines = runBare("--illegal-native-access=deny");
        assertEquals("capabilities []", lines.getFirst());
        for (Capability capability : Capability.values()) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("refused " + capability + " is required")
                    && line.contains(capability.remedy())), lines.toString());
            long warnings = lines.stream().filter(line -> line.contains(capability + " is absent: "
                    + capability.without()) && line.contains(capability.remedy())).count();
            assertEquals(OF_AGENT_OR_LAUNCHER.contains(capability) ? 0 : 1, warnings, lines.toString());
        }
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("refused at most 734003200 live bytes are allowed")
                && line.contains(Capability.LIVE_BYTES.remedy())), lines.toString());
        assertItRuns(lines);
    }

    @Test
    void shouldHaveWhatItsFlagsGive() throws Exception {
        List<String> lines =
                runBare("--illegal-native-access=deny", "--add-opens=java.base/java.lang=ALL-UNNAMED");
        assertEquals("capabilities [OWN_SCHEDULER]", lines.getFirst());
        assertItRuns(lines);
    }

    /** As {@code jlink} makes one. */
    @Test
    void shouldDoWithTheModulesThatTheReferenceNames() throws Exception {
        assertItHasAll(runBare(
                "--limit-modules=java.logging,java.management,java.net.http,java.sql,jdk.httpserver,jdk.unsupported"));
    }

    @Test
    void shouldHaveAllWithTheListOfFlags() throws Exception {
        List<String> lines = runBare("@" + Path.of("..", "jvm.flags"));
        assertEquals(ALL, lines.getFirst());
        assertEquals(2, lines.stream().filter(line -> line.startsWith("refused")).count(), lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("is absent") || line.contains("restricted method")
                || line.contains("opened packages")), lines.toString());
        assertItRuns(lines);
    }
}
