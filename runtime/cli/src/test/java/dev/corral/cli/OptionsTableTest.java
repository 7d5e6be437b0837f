package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The reference lists the options of {@code run} that {@code --help} lists, with the same names, values and defaults.
 */
class OptionsTableTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference.md");

    @Test
    void shouldListTheOptionsOfTheCommand() throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (OptionSpec option : Main.commandLine().getSubcommands().get(RunCommand.NAME).getCommandSpec().options()) {
            String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            String names = Stream.of(option.names()).map(name -> "`" + name)
                    .collect(Collectors.joining("`, ", "", value + "`"));
            String byDefault = option.defaultValue();
            expected.put(names, byDefault == null ? "" : "`" + byDefault + "`");
        }
        Map<String, String> found = new TreeMap<>();
        for (String row : table("### Options of run")) {
            String[] cells = row.split("\\|", -1);
            found.put(cells[1].strip(), cells[2].strip());
        }
        found.replace("`-n`, `--name NAME`", "the program's name", "");
        assertEquals(expected, found);
    }

    @Test
    void shouldListTheExitCodes() throws IOException {
        String help = Main.commandLine().getUsageMessage().replaceAll("\\s+", " ");
        var listed = new TreeSet<>(table("### Exit codes").stream().map(row -> row.split("\\|")[1].strip()).toList());
        assertEquals(new TreeSet<>(List.of("0", "1", "2", "70", "78", "143")), listed); // 70 and 78 are the launcher's
        for (String code : List.of("0", "1", "2", "143")) {
            assertTrue(help.contains(code + " "), help);
        }
        String launcher =
                Files.readString(Path.of("..", "bin", "corral")) + Files.readString(Path.of("..", "bin", "find-jdk"));
        assertTrue(launcher.contains("exit 70") && launcher.contains("exit 78"));
    }

    /** The rows of the first table after a heading, without its head. */
    private static List<String> table(String heading) throws IOException {
        List<String> lines = Files.readAllLines(REFERENCE);
        return lines.stream().skip(lines.indexOf(heading)).dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|")).skip(2).toList();
    }
}
