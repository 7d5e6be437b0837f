package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Links between pages, and from pages to files, lead somewhere; each page of the docs can be reached from the README.
 */
class LinksTest {
    private static final int LONGEST_README = 150;
    private static final int LEAST_LINKS = 60;

    @Test
    void shouldLinkToFilesAndHeadingsThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        int seen = 0;
        for (Page page : Page.all()) {
            for (String link : page.links()) {
                if (URI.create(link).getScheme() == null) {
                    seen++;
                    if (!leadsSomewhere(page, link)) {
                        broken.add(page.name() + ": " + link);
                    }
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(seen >= LEAST_LINKS, "looked at " + seen);
    }

    private static boolean leadsSomewhere(Page from, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? from.file() : from.file().resolveSibling(path).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        return hash < 0 || pageAt(target).anchors().contains(link.substring(hash + 1));
    }

    private static Page pageAt(Path file) {
        try {
            return new Page(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldReachEveryPageFromTheReadme() throws IOException {
        Map<Path, Page> unseen = new TreeMap<>();
        Page.all().forEach(page -> unseen.put(page.file(), page));
        List<Path> next = new ArrayList<>(List.of(Page.of("README.md").file()));
        while (!next.isEmpty()) {
            Path file = next.removeLast();
            Page page = unseen.remove(file);
            if (page != null) {
                page.links().forEach(link -> next.add(file.resolveSibling(link.replaceFirst("#.*", "")).normalize()));
            }
        }
        assertEquals(List.of(), unseen.values().stream().map(Page::name).toList());
    }

    @Test
    void shouldKeepTheReadmeShort() {
        int lines = Page.of("README.md").lines().size();
        assertTrue(lines <= LONGEST_README, "the README has " + lines + " lines; it must be at most " + LONGEST_README);
    }
}
