package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Capability;
import dev.corral.testing.Harness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JVM without flags, or with some of them, can do; and that it says what it cannot. */
class CapabilitiesIT {
    private static List<String> runBare(String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "programs.Bare",
                Harness.testClasses().toString(), Integer.toString(Harness.freePort())));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), lines.toString());
        return lines;
    }

    private static void assertItRuns(List<String> lines) {
        assertTrue(lines.containsAll(
                List.of("answers {1=10, 2=10}", "killed 137", "ready again true", "closed")), lines.toString());
    }

    @Test
    void shouldRefuseWhatIsRequiredAndAbsentAndRunWithoutItOtherwise() throws Exception {
        List<String> lines = runBare();
        assertEquals("capabilities []", lines.getFirst());
        for (Capability capability : Capability.values()) {
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("refused " + capability + " is required")
                    && line.contains(capability.remedy())), lines.toString());
        }
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("refused at most 734003200 live bytes are allowed")
                && line.contains(Capability.LIVE_BYTES.remedy())), lines.toString());
        assertItRuns(lines);
        assertEquals(1, lines.stream().filter(line -> line.contains("runs workers without")).count(), lines.toString());
    }

    @Test
    void shouldHaveWhatItsFlagsGive() throws Exception {
        List<String> lines = runBare("--add-opens=java.base/java.lang=ALL-UNNAMED");
        assertEquals("capabilities [OWN_SCHEDULER]", lines.getFirst());
        assertItRuns(lines);
    }

    /** As {@code jlink} makes one. */
    @Test
    void shouldDoWithTheModulesThatTheReferenceNames() throws Exception {
        assertItRuns(runBare(
                "--limit-modules=java.logging,java.management,java.net.http,java.sql,jdk.httpserver,jdk.unsupported"));
    }

    @Test
    void shouldHaveAllWithTheListOfFlags() throws Exception {
        List<String> lines = runBare("@" + Path.of("..", "jvm.flags"));
        assertEquals(
                "capabilities " + EnumSet.complementOf(EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL)),
                lines.getFirst());
        assertEquals(2, lines.stream().filter(line -> line.startsWith("refused")).count(), lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("WARN")), lines.toString());
        assertItRuns(lines);
    }
}
