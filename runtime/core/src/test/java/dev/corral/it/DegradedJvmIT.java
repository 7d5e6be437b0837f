package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Capability;
import dev.corral.jdk.JdkInternal;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What another version of the JDK, another system or another processor lacks costs a capability or less, and one line
 * of the log; a cluster works without it. Each JVM of this test hides something from Corral. The build hides all
 * members of a capability at once. In a soak, each member is also hidden alone; {@code -Dcorral.internals} names the
 * members, or is {@code all}.
 */
class DegradedJvmIT {
    private static final String EACH = System.getProperty("corral.internals", Soak.isOn() ? "all" : "SCHEDULER");
    private static final Set<Capability> OF_TESTS = EnumSet.complementOf(
            EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL));
    private static final String LOST = "WARNING: this JDK lacks ";

    @TempDir
    Path directory;

    /** What a JVM with these options prints. */
    private List<String> run(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Duser.language=en"));
        all.addAll(List.of(options));
        List<String> command = ChildJvm.command(all, "programs.Degraded", Harness.testClasses().toString(),
                Integer.toString(Harness.freePort()));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            String text = Files.readString(output);
            assertTrue(ended, text);
            assertEquals(0, process.exitValue(), text);
            return text.lines().toList();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Checks that a cluster works without these capabilities, and that the log has these lines and no others. */
    private static void assertItLacks(Set<Capability> absent, Collection<String> lost, List<String> lines) {
        String text = String.join("\n", lines);
        Set<Capability> present = EnumSet.copyOf(OF_TESTS);
        present.removeAll(absent);
        assertTrue(lines.contains("capabilities " + present), text);
        assertTrue(lines.containsAll(List.of("hello from worker 1", "exited 3", "hello from worker 2", "closed")),
                text);
        assertEquals(present.contains(Capability.SHARED_NIO_PORTS),
                lines.stream().anyMatch(line -> line.startsWith("INFO: Hello: worker 2 (slot 0) is ready")), text);
        Set<String> expected = new TreeSet<>(lost);
        absent.forEach(capability -> expected.add("WARNING: " + capability + " is absent: " + capability.without()));
        List<String> warnings = lines.stream().filter(line -> line.matches("(WARNING|SEVERE): .*"))
                .filter(line -> !line.contains(" failed with code 3")).toList();
        assertEquals(expected.size(), warnings.size(), text);
        for (String line : expected) {
            assertEquals(1, warnings.stream().filter(each -> each.startsWith(line)).count(), line + "\n" + text);
        }
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("\tat ")), text);
    }

    private void assertItWorksWithout(Collection<JdkInternal> hidden) throws Exception {
        List<String> lines = run("-Ddev.corral.hidden="
                + hidden.stream().map(Enum::name).collect(Collectors.joining(",")));
        Set<Capability> absent = EnumSet.noneOf(Capability.class);
        hidden.forEach(each -> absent.addAll(each.capabilities()));
        Set<String> lost = new TreeSet<>();
        for (JdkInternal each : hidden) {
            if (each.capabilities().isEmpty()) {
                lost.add(LOST + hidden.stream().filter(other -> other.lost().equals(each.lost()))
                        .map(JdkInternal::toString).collect(Collectors.joining(", ")) + "; therefore " + each.lost());
            }
            assertTrue(lines.contains(
                    "internals: absent     " + each + "; without it: " + each.lost()), () -> String.join("\n", lines));
        }
        assertItLacks(absent, lost, lines);
        for (Capability capability : absent) {
            assertTrue(lines.stream().anyMatch(line -> line.contains(capability + " is absent: ")
                    && line.contains("It needs "
                            + hidden.stream().filter(each -> each.capabilities().contains(capability))
                                    .map(JdkInternal::toString).collect(Collectors.joining(", "))
                            + ", which this JVM does not have")),
                    () -> String.join("\n", lines));
        }
    }

    private static List<JdkInternal> all() {
        return List.of(JdkInternal.values());
    }

    @Test
    void shouldLackNothingOnTheJdkOfTheBuild() throws Exception {
        List<String> lines = run();
        assertItLacks(Set.of(), Set.of(), lines);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("internals: JDK " + Runtime.version())),
                lines.toString());
        assertEquals(all().stream().map(each -> "internals: present    " + each + "; without it: " + each.lost())
                .toList(), lines.stream().filter(line -> line.contains("; without it: ")).toList());
    }

    @Test
    void shouldWorkWithoutTheMembersOfEachCapability() throws Exception {
        for (Capability capability : OF_TESTS) {
            List<JdkInternal> hidden =
                    all().stream().filter(each -> each.capabilities().contains(capability)).toList();
            if (!hidden.isEmpty()) {
                assertItWorksWithout(hidden);
            }
        }
    }

    @Test
    void shouldWorkWithoutAllMembersThatBelongToNoCapability() throws Exception {
        assertItWorksWithout(all().stream().filter(each -> each.capabilities().isEmpty()).toList());
    }

    @Test
    void shouldWorkWithoutEachMemberAlone() throws Exception {
        List<JdkInternal> hidden =
                EACH.equals("all") ? all() : Stream.of(EACH.split(",")).map(JdkInternal::valueOf).toList();
        for (JdkInternal each : hidden) {
            assertItWorksWithout(List.of(each));
        }
    }

    /** As with another C library, or in another JVM than HotSpot. */
    @Test
    void shouldWorkWithoutNativeFunctions() throws Exception {
        List<String> lines = run("-Ddev.corral.hidden=strerror,gHotSpotVMStructs");
        assertItLacks(EnumSet.of(Capability.ASYNC_STOP, Capability.LIVE_BYTES), Set.of(), lines);
        assertEquals(2, lines.stream().filter(
                line -> line.endsWith("It needs strerror, gHotSpotVMStructs, which this JVM does not have")).count(),
                lines.toString());
        assertTrue(lines.contains("descriptors false"), lines.toString());
    }

    @Test
    void shouldSayThatAVersionIsNotTestedAndThatAMethodIsNotRedirected() throws Exception {
        int version = Runtime.version().feature();
        List<String> lines = run("-Ddev.corral.hidden=java.util.TimeZone.setDefault,JDK " + version);
        assertItLacks(Set.of(),
                Set.of(LOST + "java.util.TimeZone.setDefault; therefore no call of it is redirected",
                        "WARNING: this is JDK " + version + ", with which Corral has not been tested"),
                lines);
    }

    @Test
    void shouldWorkOnOtherSystemsAndProcessors() throws Exception {
        for (List<String> platform : List.of(List.of("Mac OS X", "aarch64"), List.of("Linux", "aarch64"))) {
            List<String> lines = run("-Dos.name=" + platform.getFirst(), "-Dos.arch=" + platform.getLast());
            assertItLacks(EnumSet.of(Capability.ASYNC_STOP, Capability.LIVE_BYTES), Set.of(), lines);
            boolean isLinux = platform.getFirst().equals("Linux");
            assertTrue(lines.containsAll(Stream.of("descriptors ", "threads of the system ").map(part -> part + isLinux)
                    .toList()), lines.toString());
            assertTrue(lines.stream().anyMatch(
                    line -> line.startsWith("internals: JDK ") && line.contains(String.join(" on ", platform))),
                    lines.toString());
        }
    }
}
