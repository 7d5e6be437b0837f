package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whichever threads Corral cannot start, it works afterwards as if all had been started. With
 * {@code -Dcorral.faults=all} every single start fails, once, twice and seven times; otherwise each fails together with
 * some of those that follow.
 */
class RefusedThreadsIT {
    private static final boolean ALL = Soak.isOn() || "all".equals(System.getProperty("corral.faults"));
    private static final List<String> SCENARIOS = List.of("START", "RESTART", "RELOAD", "STOP");
    private static final String NO_MORE = "there are no more starts";

    @TempDir
    Path directory;

    @Test
    void shouldWorkAfterwardsWhicheverThreadsAreRefused() throws Exception {
        for (String[] plan : ALL ? new String[][]{{"1", "1"}, {"2", "1"}, {"7", "1"}} : new String[][]{{"7", "7"}}) {
            List<String> arguments = new ArrayList<>(List.of(plan));
            arguments.addAll(SCENARIOS);
            String _ = run(arguments);
        }
    }

    /** What is started once in each JVM must not stay out because it was refused at the first time. */
    @Test
    void shouldWorkAfterwardsWhicheverOfTheVeryFirstThreadsAreRefused() throws Exception {
        String output = "";
        for (int succeed = 0; ALL ? !output.contains(NO_MORE) : succeed == 0; succeed++) {
            output = run(List.of("7", "1", "FIRST", Integer.toString(succeed)));
        }
    }

    private String run(List<String> arguments) throws Exception {
        List<String> options = List.of(PatchedThread.option(directory.resolve("patch")), "-Xmx256m");
        List<String> command = ChildJvm.command(options, "programs.ThreadFaults", Harness.testClasses().toString());
        command.addAll(arguments);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(5, TimeUnit.MINUTES);
            String text = Files.readString(output);
            assertTrue(ended, text);
            assertEquals(0, process.exitValue(), text);
            assertTrue(text.contains("all the same"), text);
            return text;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
