package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Bad values of each option of {@code corral run}: exit code 2, and one line with the name, the value and the rule. */
class RunFuzzIT {
    private static final List<String> NOT_NUMBERS = List.of("", " ", "x", "1x", "x1", "1 ", " 1", "1.5", "1.0", "1,000",
            "1_000", "1e3", "0x10", "0b1", "NaN", "Infinity", "null", "true", "one", "1/2", "1%", "#1", "--1", "1-",
            "1;",
            "\0", "1\0", "\u00bd", "2147483648", "-2147483649", "99999999999999999999");
    private static final List<String> NOT_DURATIONS = List.of("5", "", " ", "x", "s", "ms", "-1s", "1x", "1 s", " 1s",
            "1s ", "1.5s", "1,5s", "1e3s", "1S", "1sec", "1d", "1min", "0x1s", "1s;", "1h30m", "PT5S", "inf", "null",
            "5\u00b5s", "\u0663s", "1_000ms", "\0", "9999999999999s", "NaNs");
    private static final List<String> NOT_SIZES =
            List.of("700", "0", "0m", "", " ", "x", "m", "-1m", "1x", "1 m", " 1m",
                    "1m ", "1.5m", "1,5m", "1e3m", "1mb", "1MiB", "0x1m", "1m;", "1g2m", "inf", "null", "NaN",
                    "\u0663m", "1_000m",
                    "\0", "9999999999t", "99999999999999999999m", "%", "1%");
    private static final List<String> NOT_SHARES = List.of("0", "0%", "", " ", "x", "%", "-1%", "-0.5", "101%", "1.01",
            "85", "NaN", "Infinity", "85 %", " 85%", "85%%", "8,5%", "1e-1", "0x1p-1", ".5", "5.", "null", "\0", "half",
            "1/2", "+0.5", "100.1%", "1000%", "\u0665\u0660%", "50%;");
    private static final List<String> NOT_PACKAGES =
            List.of("", " ", ".", "a/b", "a.", ".a", "a..b", "a.*", "**", "a b",
                    "1a", "a.1", "a-b", "java", "java.util", "java.lang.String", "a,b", "a:b", "a;b", "\0", "a\0", "#",
                    "%", "\\",
                    "java.util.concurrent", "a.\0", "a'b", "[a", "a]", "(a)");

    /** The bad values by the name of the option. */
    private static Map<String, List<String>> badValues() {
        Map<String, List<String>> bad = new HashMap<>();
        Stream.of("--carriers", "--missed", "--reload-parallel", "--max-threads", "--max-virtual-threads")
                .forEach(option -> bad.put(option, with(NOT_NUMBERS, "0", "-1")));
        bad.put("--instances", with(NOT_NUMBERS, "100000", "Max", "min"));
        bad.put("--max-restarts", with(NOT_NUMBERS, "-1"));
        bad.put("--exclusive", with(NOT_NUMBERS, "-1", "65536"));
        Stream.of("--restart-delay", "--min-uptime", "--not-serving", "--bake", "--heartbeat")
                .forEach(option -> bad.put(option, NOT_DURATIONS));
        Stream.of("--start-deadline", "--ready-within")
                .forEach(option -> bad.put(option, with(NOT_DURATIONS, "0", "0s")));
        Stream.of("--max-live", "--max-allocated", "--max-metaspace").forEach(option -> bad.put(option, NOT_SIZES));
        bad.put("--pressure", NOT_SHARES);
        bad.put("--share", NOT_PACKAGES);
        bad.put("--balance", with(NOT_NUMBERS, "RR", "round-robin", "rr,least"));
        bad.put("--name", List.of("", " ", "\t", "\n", "\u2003"));
        bad.put("--env", List.of("", "=", "=x", "x", " ", "\0=x", "x=\0", "a\0b=c"));
        bad.put("--class-path", List.of("", ":", "absent.jar", "absent/*", "pom.xml/*", "\0", "target:", ":target"));
        bad.put("--main", List.of("", " ", "a/b", ".", "a..b", "1", "a.b.", "absent.Main", "\0", "-"));
        return bad;
    }

    private static List<String> with(List<String> values, String... more) {
        return Stream.concat(values.stream(), Stream.of(more)).toList();
    }

    @BeforeAll
    static void nameTheSamples() {
        System.setProperty("corral.samples", Path.of("../../samples/target/corral-samples.jar").toString());
    }

    @AfterAll
    static void forgetTheSamples() {
        System.clearProperty("corral.samples");
    }

    @Test
    void shouldKnowBadValuesOfEachOption() {
        Set<String> options = Main.commandLine().getSubcommands().get(RunCommand.NAME).getCommandSpec().options()
                .stream()
                .filter(option -> option.arity().max() > 0).map(OptionSpec::longestName).collect(Collectors.toSet());
        assertEquals(options, badValues().keySet());
    }

    @Test
    void shouldRefuseEachOfThemInOneLine() {
        assertAll(badValues().entrySet().stream()
                .flatMap(option -> option.getValue().stream().map(value -> refusing(option.getKey(), value))));
    }

    private static Executable refusing(String option, String value) {
        return () -> {
            List<String> words = switch (option) {
                case "--main" -> List.of(RunCommand.NAME, "-cp", "target/test-classes", option, value);
                case "--class-path" -> List.of(RunCommand.NAME, option, value, "--main", "programs.Told");
                default -> List.of(RunCommand.NAME, option, value, "ticker", "--", "1");
            };
            var out = new StringWriter();
            var err = new StringWriter();
            CommandLine command = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
            int code = command.execute(words.toArray(String[]::new));
            String what = option + " \"" + value + "\": " + err;
            assertEquals(2, code, what);
            assertEquals(1, err.toString().lines().count(), what);
            assertEquals("", out.toString(), what);
            assertTrue(err.toString().startsWith("corral: "), what);
            assertTrue(List.of("must", "is not", "should", "no class").stream().anyMatch(err.toString()::contains),
                    what);
        };
    }
}
