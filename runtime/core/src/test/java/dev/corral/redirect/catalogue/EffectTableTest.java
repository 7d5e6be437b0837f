package dev.corral.redirect.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.redirect.Documented;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of redirects in the reference has the rows of the redirects, in the order of the catalogue. */
class EffectTableTest {
    private static final List<String> FIRST = List.of("| in the program | in a worker |", "| --- | --- |",
            "| classes and their statics | its own, except those of the JDK, of `dev.corral`, and of packages named by `withShared` |");

    @Test
    void shouldHaveARowForEachRedirect() throws IOException {
        List<String> reference = Files.readAllLines(Path.of("..", "docs", "reference.md"));
        int start = reference.indexOf(FIRST.getFirst());
        List<String> table = reference.stream().skip(start).takeWhile(line -> line.startsWith("|")).toList();
        List<String> expected = Stream.concat(FIRST.stream(), Catalogue.interceptions().redirects().stream()
                .map(redirect -> redirect.getAnnotation(Documented.class))
                .map(effect -> "| " + effect.of() + " | " + effect.becomes() + " |")).toList();
        assertEquals(String.join("\n", expected), String.join("\n", table));
    }
}
