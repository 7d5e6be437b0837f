package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The list of Node's scenarios names exactly the tests that exist. */
class ConformanceListTest {
    private static final Pattern ROW = Pattern.compile("\\| (test-[\\w-]+) \\| (as is|adapted|later|no) \\| (.*)\\|");
    /** The test that a row names, if that test does not have the name of the scenario. */
    private static final Pattern SHOWN_BY = Pattern.compile("`(\\w+IT)\\.(\\w+)`");

    @Test
    void shouldListWhatIsTested() throws Exception {
        Set<String> holds = new TreeSet<>();
        Set<String> rows = new HashSet<>();
        for (String line : page()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                assertTrue(rows.add(row.group(1)), "twice: " + line);
                String verdict = row.group(2);
                boolean isShownElsewhere = isShownElsewhere(row.group(3));
                if ((verdict.equals("as is") || verdict.equals("adapted")) && !isShownElsewhere) {
                    holds.add(row.group(1));
                }
                assertFalse(!verdict.equals("as is") && row.group(3).isBlank(), "no reason: " + line);
            } else {
                assertFalse(line.startsWith("| test-"), "no row: " + line);
            }
        }
        assertTrue(rows.size() >= 83, "found " + rows.size());
        assertEquals(tested(), holds);
    }

    private static boolean isShownElsewhere(String reason) throws ClassNotFoundException {
        Matcher shownBy = SHOWN_BY.matcher(reason);
        boolean found = false;
        while (shownBy.find()) {
            found = true;
            String name = shownBy.group(2);
            assertTrue(Stream.of(Class.forName("dev.corral.it." + shownBy.group(1)).getDeclaredMethods())
                    .anyMatch(method -> method.getName().equals(name) && (method.isAnnotationPresent(Test.class)
                            || method.isAnnotationPresent(ParameterizedTest.class))),
                    "no test: " + shownBy.group());
        }
        return found;
    }

    private static List<String> page() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "node.md"));
    }

    private static Set<String> tested() throws ClassNotFoundException {
        Set<String> names = new TreeSet<>();
        for (String tests : List.of("NodeConformanceIT", "NodeConformanceDisconnectIT",
                "NodeConformancePortsIT", "NodeConformanceConnectionsIT", "NodeConformanceUdpIT")) {
            Stream.of(Class.forName("dev.corral.it." + tests).getDeclaredMethods())
                    .map(method -> method.getAnnotation(DisplayName.class)).filter(name -> name != null)
                    .forEach(name -> names.add(name.value().replaceAll(".*/", "").replace(".js", "")));
        }
        return names;
    }
}
