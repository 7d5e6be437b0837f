package dev.corral.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the packages of the comparison to the list in the comment of the package. */
class PackagesTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/corral/bench/compare");
    private static final Pattern LINE = Pattern.compile("(?m)^ \\* ([a-z.]+): +(-|[a-z., ]+)$");
    private static final Pattern USE = Pattern.compile("dev\\.corral\\.bench\\.compare\\.([a-z.]*[a-z])\\.[A-Z]");

    @Test
    void shouldKeepToTheListOfPackages() throws IOException {
        Map<String, Set<String>> used = new TreeMap<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(PackagesTest::isClass).toList()) {
                String name = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
                Set<String> uses = used.computeIfAbsent(name.isEmpty() ? "compare" : name, _ -> new TreeSet<>());
                USE.matcher(Files.readString(file)).results().map(use -> use.group(1))
                        .filter(other -> !other.equals(name)).forEach(uses::add);
            }
        }
        assertEquals(allowed(), used);
    }

    @Test
    void shouldHaveNoCycle() throws IOException {
        Map<String, Set<String>> left = allowed();
        while (left.entrySet().removeIf(entry -> entry.getValue().stream().noneMatch(left::containsKey))) {
            // the packages that use only packages which have been removed are removed as well
        }
        assertEquals(Map.of(), left);
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(".java") && !file.endsWith("package-info.java");
    }

    private static Map<String, Set<String>> allowed() throws IOException {
        return LINE.matcher(Files.readString(SOURCES.resolve("package-info.java"))).results()
                .collect(Collectors.toMap(line -> line.group(1), PackagesTest::packages, (a, _) -> a, TreeMap::new));
    }

    private static Set<String> packages(MatchResult line) {
        return line.group(2).equals("-") ? Set.of() : new TreeSet<>(Set.of(line.group(2).split(", ")));
    }
}
