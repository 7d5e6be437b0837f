package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists of classes name those that exist. */
class ListsTest {
    @Test
    void shouldListEverySample() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../samples/src/main/java/dev/corral/samples"))) {
            assertEquals(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
                    .map(name -> name.replace(".java", "")).filter(name -> !name.equals("package-info"))
                    .map(name -> "`" + name + "`").collect(Collectors.toSet()),
                    Page.of("runtime/docs/guide.md").table("## Samples").keySet());
        }
    }

    @Test
    void shouldExplainWordsByClassesThatExist() throws IOException {
        Set<String> classes;
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            classes = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
                    .map(name -> "`" + name.replace(".java", "") + "`").collect(Collectors.toSet());
        }
        assertEquals(List.of(), Page.of("runtime/docs/design/glossary.md").table("# Glossary").values().stream()
                .map(List::getLast).filter(name -> !classes.contains(name)).toList());
    }

    /** Two tests of one name are told apart by what follows the name in the page. */
    @Test
    void shouldListEveryLongForm() throws IOException {
        Pattern call = Pattern.compile("Soak\\.number\\(\\s*\"([^\"]+)\",\\s*([\\d_]+),\\s*([\\d_]+)\\)");
        List<List<String>> forms = new ArrayList<>();
        for (Path file : Page.files(".java")) {
            String test = file.getFileName().toString().replace(".java", "");
            call.matcher(Files.readString(file)).results().forEach(found -> forms.add(Stream
                    .of(test, found.group(1), found.group(2), found.group(3)).map(each -> each.replace("_", ""))
                    .toList()));
        }
        Pattern row = Pattern.compile("`(\\w+)`.*, `([\\w.]+)`");
        List<List<String>> listed = new ArrayList<>();
        Page.of("runtime/docs/design/testing.md").table("# Tests, and their long forms").forEach((name, cells) -> {
            Matcher found = row.matcher(name);
            assertTrue(found.matches(), name);
            listed.add(List.of(found.group(1), found.group(2), cells.get(0), cells.get(1)));
        });
        assertEquals(sorted(forms), sorted(listed));
    }

    private static List<String> sorted(List<List<String>> lists) {
        return lists.stream().map(Object::toString).sorted().toList();
    }
}
