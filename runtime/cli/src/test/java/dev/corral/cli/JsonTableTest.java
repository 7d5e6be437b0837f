package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The reference lists the objects of {@code --json} and their fields as {@link JsonReporter} writes them. */
class JsonTableTest {
    private static final Path SOURCE = Path.of("src/main/java/dev/corral/cli/JsonReporter.java");
    private static final Pattern EVENT =
            Pattern.compile("case ClusterEvent\\.(\\w+) e ->\\s*(?:write\\(\"([\\w-]+)\"|write\\(json -> reloaded)");
    private static final Pattern FIELD =
            Pattern.compile("(?:write\\w*Field\\w*\\(|ifKnown\\(json, |strings\\(json, )\"(\\w+)\"");
    private static final Pattern REASON = Pattern.compile("case ExitReason\\.(\\w+) _ -> \"([\\w-]+)\"");
    private static final Pattern QUOTED = Pattern.compile("`([\\w-]+)`");

    private final String source = Files.readString(SOURCE);
    private final String reference = Files.readString(Path.of("..", "docs", "reference.md"));

    JsonTableTest() throws IOException {}

    @Test
    void shouldListTheEvents() {
        Map<String, String> written = new TreeMap<>();
        Matcher event = EVENT.matcher(source);
        while (event.find()) {
            written.put(event.group(1), event.group(2) == null ? "reload" : event.group(2));
        }
        assertEquals(written, names("### Events"));
    }

    @Test
    void shouldListTheReasons() {
        Map<String, String> written = new TreeMap<>();
        REASON.matcher(source).results().forEach(reason -> written.put(reason.group(1), reason.group(2)));
        assertEquals(written, names("### Exit codes and reasons of workers"));
    }

    @Test
    void shouldListTheFields() {
        Set<String> missing = FIELD.matcher(source).results().map(field -> field.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(missing.size() > 30, missing.toString());
        QUOTED.matcher(section("### Events")).results().forEach(quoted -> missing.remove(quoted.group(1)));
        assertEquals(Set.of(), missing);
    }

    /** The second cell of each row by the first one. */
    private Map<String, String> names(String heading) {
        Map<String, String> names = new TreeMap<>();
        section(heading).lines().filter(line -> line.startsWith("| `")).map(line -> line.split("\\|"))
                .forEach(cells -> names.put(cells[1].strip().replace("`", ""), cells[2].strip().replace("`", "")));
        return names;
    }

    private String section(String heading) {
        int start = reference.indexOf(heading + "\n");
        assertTrue(start >= 0, heading);
        int end = reference.indexOf("\n#", start + heading.length());
        return reference.substring(start, end);
    }
}
