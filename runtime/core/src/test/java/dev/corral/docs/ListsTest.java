package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lists of classes name those that exist. */
class ListsTest {
    @Test
    void shouldListEverySample() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../samples/src/main/java/dev/corral/samples"))) {
            assertEquals(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
                    .map(name -> "`" + name.replace(".java", "") + "`").collect(Collectors.toSet()),
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
}
