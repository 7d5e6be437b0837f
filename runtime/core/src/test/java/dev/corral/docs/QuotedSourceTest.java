package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Code that a page quotes from a class is in the source of that class. Such a block begins with {@code java} and the
 * name of the class.
 */
class QuotedSourceTest {
    private static final String LANGUAGE = "java ";
    private static final int LEAST = 3;

    @Test
    void shouldQuoteWhatTheSourcesSay() throws IOException {
        List<Path> sources = Page.files(".java");
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Page page : Page.all()) {
            for (Page.Block block : page.blocks()) {
                if (block.language().startsWith(LANGUAGE)) {
                    seen++;
                    String file = block.language().substring(LANGUAGE.length()) + ".java";
                    if (!isIn(block, sources.stream().filter(source -> source.endsWith(file)).toList())) {
                        wrong.add(page.name() + ":" + block.line() + " is not in " + file);
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen >= LEAST, "compared " + seen);
    }

    private static boolean isIn(Page.Block block, List<Path> sources) throws IOException {
        for (Path source : sources) {
            if (words(Files.readString(source)).contains(words(block.text()))) {
                return true;
            }
        }
        return false;
    }

    /** Without the indentation, which a page drops. */
    private static String words(String code) {
        return code.replaceAll("\\s+", " ").strip();
    }
}
