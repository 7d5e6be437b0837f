package dev.corral.redirect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The reference.s table of what a worker has of its own says what the redirects say. */
class EffectTableTest {
    private static final List<String> FIRST = List.of("| in the program | in a worker |", "| --- | --- |",
            "| classes and their statics | its own, but for the JDK's, `dev.corral`, and packages named by `withShared` |");

    @Test
    void shouldHaveARowForEachRedirect() throws IOException {
        List<String> reference = Files.readAllLines(Path.of("..", "docs", "reference.md"));
        int start = reference.indexOf(FIRST.getFirst());
        List<String> table = reference.stream().skip(start).takeWhile(line -> line.startsWith("|")).toList();
        List<String> expected = Stream.concat(FIRST.stream(), Interceptions.redirects().stream()
                .map(redirect -> redirect.getAnnotation(Documented.class))
                .map(effect -> "| " + effect.of() + " | " + effect.becomes() + " |")).toList();
        assertEquals(String.join("\n", expected), String.join("\n", table));
    }
}
