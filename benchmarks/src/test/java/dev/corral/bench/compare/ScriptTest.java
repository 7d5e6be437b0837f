package dev.corral.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code benchmarks/bin/compare}: it reads its options before it installs or builds anything. */
class ScriptTest {
    private record Ended(int code, String output) {}

    private static Ended compare(String... options) throws Exception {
        var command = new ProcessBuilder("bin/compare");
        command.command().addAll(List.of(options));
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    @Test
    void shouldPrintItsOptions() throws Exception {
        for (String option : new String[]{"--help", "-h"}) {
            Ended ended = compare("--quick", option);
            assertEquals(0, ended.code);
            assertTrue(
                    ended.output.startsWith("Measures Corral beside") && ended.output.contains("--only crash,memory"),
                    ended.output);
        }
    }

    @Test
    void shouldRefuseAnUnknownOption() throws Exception {
        assertEquals(new Ended(2, "compare: unknown option '--fast'; compare --help lists the options\n"),
                compare("--only", "crash", "--fast"));
    }
}
