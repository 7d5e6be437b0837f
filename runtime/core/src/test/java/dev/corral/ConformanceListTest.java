package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The README's list of Node's scenarios says neither more nor less than the tests that there are. */
class ConformanceListTest {
    private static final Pattern ROW = Pattern.compile("\\| (test-[\\w-]+) \\| (as is|adapted|later|no) \\| (.*)\\|");

    @Test
    void shouldListWhatIsTested() throws Exception {
        Set<String> holds = new TreeSet<>();
        int rows = 0;
        for (String line : readme()) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows++;
                String verdict = row.group(2);
                if (verdict.equals("as is") || verdict.equals("adapted")) {
                    holds.add(row.group(1));
                }
                assertFalse(!verdict.equals("as is") && row.group(3).isBlank(), "no reason: " + line);
            } else {
                assertFalse(line.startsWith("| test-"), "no row: " + line);
            }
        }
        assertTrue(rows >= 33, "found " + rows);
        assertEquals(tested(), holds);
    }

    private static List<String> readme() throws IOException {
        return Files.readAllLines(Path.of("README.md"));
    }

    private static Set<String> tested() throws ClassNotFoundException {
        Set<String> names = new TreeSet<>();
        Class<?> tests = Class.forName("dev.corral.it.NodeConformanceIT");
        Stream.of(tests.getDeclaredMethods()).map(method -> method.getAnnotation(DisplayName.class))
                .filter(name -> name != null)
                .forEach(name -> names.add(name.value().replaceAll(".*/", "").replace(".js", "")));
        return names;
    }
}
