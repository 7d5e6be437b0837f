package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Invalid usage ends with code 2 and one line, which names the option, the value and the rule. */
class BadUsageTest {
    /** None of these is a number, a duration, a size, a share of the heap, or a balancer. */
    private static final List<String> BAD =
            List.of("", " ", "x", "-", "+", "?", "1x", "1,5", "1e3", "0x1g", "NaN", "Infinity",
                    "99999999999999999999", "-99999999999999999999", "1..2", "1.2.3", "null", "true", "1 2", " 1s",
                    "1s ", "5 s", "5sec",
                    "1h30m", "half", "five", "7 00m", "700mb", "1g1m", "%", "101%x", "\u0665x", "rrr", "$N");
    private static final Set<Class<?>> TEXTS = Set.of(String.class, List.class, Map.class);

    private static String refusal(String... arguments) {
        var err = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err));
        assertEquals(2, command.execute(arguments), String.join(" ", arguments));
        List<String> lines = err.toString().lines().toList();
        assertEquals(1, lines.size(), err.toString());
        assertTrue(lines.getFirst().startsWith("corral: "), err.toString());
        return lines.getFirst();
    }

    static Stream<OptionSpec> typedOptions() {
        return Main.commandLine().getSubcommands().get(RunCommand.NAME).getCommandSpec().options().stream()
                .filter(option -> option.arity().max() > 0
                        && (!TEXTS.contains(option.type()) || option.longestName().equals("--exclusive")));
    }

    @ParameterizedTest
    @MethodSource("typedOptions")
    void shouldRefuseABadValueOfEachOption(OptionSpec option) {
        for (String bad : BAD) {
            String line = refusal("run", option.longestName() + "=" + bad, "no-such-program");
            assertTrue(line.contains(option.longestName()) && (line.contains("'" + bad + "'") || bad.isBlank()),
                    bad + ": " + line);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "run --heartbeat 5 x | '5' is not a duration, because it has no unit; it must be like 500ms, 5s, 2m or 1h",
            "run --max-live 700 x | '700' is not a size, because it has no unit; it must be like 512k, 700m or 50g",
            "run --instance 3 x | no option --instance (did you mean --instances?)",
            "run x --server.port=9000 | no option --server.port=9000; options of the program must follow after --",
            "start hello | no command start; the commands are run, doctor",
            "runn hello | no command runn (did you mean run?); the commands are run, doctor",
            "run --no-live-bytes --max-live 10m x | --max-live is 10m, but --no-live-bytes turns off what it needs",
            "run target | target is a directory; the program must be a jar."})
    void shouldSayWhatMayBeMeant(String arguments, String message) {
        String line = refusal(arguments.split(" "));
        assertTrue(line.contains(message), line);
    }

    @Test
    void shouldNameTheClassAndTheJarOfANewerJava(@TempDir Path directory) throws Exception {
        byte[] code;
        try (var in = BadUsageTest.class.getResourceAsStream("BadUsageTest.class")) {
            code = in.readAllBytes();
        }
        code[7] = 99;
        Path file = Files.createDirectories(directory.resolve("a")).resolve("B.class");
        Files.write(file, code);
        String newer = refusal("run", "-cp", directory.toString(), "--main", "a.B");
        assertTrue(newer.contains("a.B in " + directory + " has class file version 99 (Java 55); this JVM is Java "),
                newer);
        Files.writeString(file, "text");
        String none = refusal("run", "-cp", directory.toString(), "--main", "a.B");
        assertTrue(none.contains("a/B.class in " + directory + " is not a class file"), none);
        Files.write(file, Arrays.copyOf(code, 9));
        code[7] = 65;
        Files.write(file, Arrays.copyOf(code, 40));
        String damaged = refusal("run", "-cp", directory.toString(), "--main", "a.B");
        assertTrue(damaged.contains("a/B.class in " + directory + " is damaged"), damaged);
    }

    @Test
    void shouldTakeZeroWithoutAUnit() throws Exception {
        assertEquals(Duration.ZERO, new Durations().convert("0"));
    }
}
