package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code corral doctor}, from outside. */
class DoctorIT {
    private static List<String> doctor(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "doctor";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try (var corral = new Command(all)) {
            assertEquals(0, corral.awaitExit(), corral.err.toString());
            return corral.out;
        }
    }

    @Test
    void shouldTellWhatThisJvmCanDo() throws Exception {
        List<String> lines = doctor();
        assertTrue(lines.getFirst().startsWith("This JVM: 25"), lines.toString());
        assertTrue(lines.contains("  has THREAD_TEARDOWN"), lines.toString());
        List<String> lacking = lines.stream().filter(line -> line.contains("lacks")).toList();
        assertTrue(lacking.size() == 1 && lacking.getFirst().startsWith("  lacks LATE_WEAVING: ")
                && lacking.getFirst().contains("It needs -javaagent:"),
                lines.toString());
    }

    @Test
    void shouldListTheInternalsOfTheJdk() throws Exception {
        List<String> lines = doctor("--internals");
        int first = lines.indexOf("") + 1;
        assertTrue(first > 0 && lines.get(first).startsWith("JDK " + Runtime.version() + " ("), lines.toString());
        List<String> members = lines.subList(first + 1, lines.size());
        assertTrue(members.size() > 90 && members.stream().allMatch(line -> line.startsWith("present ")),
                lines.toString());
        assertTrue(
                members.stream()
                        .anyMatch(line -> line.contains(" java.lang.VirtualThread.scheduler: Executor; without it: ")),
                lines.toString());
    }

    @Test
    void shouldTellWhatBecomesOfAProgram() throws Exception {
        List<String> lines = doctor("programs.Touching", "-cp", "target/test-classes");
        int own = lines.indexOf("Each worker's own:");
        int common = lines.indexOf("Common to all workers, or not shared:");
        assertTrue(own > 0 && common > own, lines.toString());
        assertTrue(lines.subList(own, common).stream().anyMatch(line -> line.startsWith("  System.exit, ")),
                lines.toString());
        assertTrue(lines.subList(own, common).stream().anyMatch(line -> line.startsWith("  ServerSocket, ")),
                lines.toString());
        assertTrue(lines.subList(common, lines.size()).stream()
                .anyMatch(line -> line.equals("  parallel streams: run on the JVM's common pool (programs.Touching)")),
                lines.toString());
        assertTrue(lines.subList(lines.indexOf("Classes with native methods:"), lines.size())
                .contains("  programs.Touching"), lines.toString());
    }

    @Test
    void shouldRefuseAProgramThatIsNotThere() throws Exception {
        try (var corral = new Command("doctor", "no.such.jar")) {
            assertEquals(2, corral.awaitExit());
            assertTrue(corral.err.getFirst().contains("no file no.such.jar"), corral.err.toString());
        }
    }
}
