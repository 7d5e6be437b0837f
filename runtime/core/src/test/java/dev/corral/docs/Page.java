package dev.corral.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, in Markdown. */
public record Page(Path file, List<String> lines) {
    /** Where the repository begins; tests run in the directory of their module. */
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?) *");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Set<String> GENERATED = Set.of("target", ".git");
    private static final String FENCE = "```";

    /** A block of code between fences. */
    public record Block(String language, int line, String text) {}

    /** The page at a path from the root of the repository. */
    public static Page of(String path) {
        return read(ROOT.resolve(path));
    }

    /** All pages of the repository. */
    public static List<Page> all() throws IOException {
        return files(".md").stream().map(Page::read).toList();
    }

    /** All files of the repository whose names end so, without what a build has generated. */
    static List<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return GENERATED.contains(directory.getFileName().toString()) ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static Page read(Path file) {
        try {
            return new Page(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path from the root of the repository. */
    public String name() {
        return ROOT.relativize(file).toString();
    }

    /** The whole text. */
    public String text() {
        return String.join("\n", lines);
    }

    /** Targets of the links outside of code. */
    public List<String> links() {
        return LINK.matcher(prose()).results().map(found -> found.group(1)).toList();
    }

    /** The anchors of the headings, as GitHub makes them. */
    public Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        prose().lines().map(HEADING::matcher).filter(Matcher::matches).map(heading -> anchorOf(heading.group(1)))
                .forEach(anchor -> {
                    String unique = anchor;
                    for (int i = 1; !anchors.add(unique); i++) {
                        unique = anchor + "-" + i;
                    }
                });
        return anchors;
    }

    private static String anchorOf(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
    }

    /** The lines that are neither in a fence nor indented as code; what is left out is empty. */
    private String prose() {
        List<String> prose = new ArrayList<>();
        boolean inBlock = false;
        for (String line : lines) {
            boolean isFence = line.startsWith(FENCE);
            inBlock ^= isFence;
            prose.add(inBlock || isFence || line.startsWith("    ") ? "" : line);
        }
        return String.join("\n", prose);
    }

    /** The blocks of code. */
    public List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(FENCE)) {
                int first = i + 1;
                int end = first;
                while (!lines.get(end).startsWith(FENCE)) {
                    end++;
                }
                blocks.add(new Block(lines.get(i).substring(FENCE.length()), first,
                        String.join("\n", lines.subList(first, end))));
                i = end;
            }
        }
        return blocks;
    }

    /**
     * The rows of the first table after a heading: the cells of each by the first one, without the heads.
     *
     * @throws IllegalArgumentException if there is no such heading or table, or a first cell stands twice
     */
    public Map<String, List<String>> table(String heading) {
        return table(heading, 0);
    }

    /** As {@link #table(String)}, passing over tables after the heading. */
    public Map<String, List<String>> table(String heading, int skipped) {
        int start = lines.indexOf(heading);
        if (start < 0) {
            throw new IllegalArgumentException(name() + " has no heading " + heading);
        }
        int at = start;
        for (int i = 0; i <= skipped; i++) {
            at = nextTable(at, heading);
            if (i < skipped) {
                at += rows(at).size();
            }
        }
        Map<String, List<String>> table = new LinkedHashMap<>();
        for (String row : rows(at).stream().skip(2).toList()) {
            List<String> cells = Stream.of(row.substring(1).split("\\|", -1)).map(String::strip).toList();
            if (table.put(cells.getFirst(), cells.subList(1, cells.size() - 1)) != null) {
                throw new IllegalArgumentException("twice in " + name() + ": " + cells.getFirst());
            }
        }
        return table;
    }

    private int nextTable(int from, String heading) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).startsWith("|")) {
                return i;
            }
        }
        throw new IllegalArgumentException(name() + " has no table after " + heading);
    }

    private List<String> rows(int from) {
        return lines.stream().skip(from).takeWhile(line -> line.startsWith("|")).toList();
    }
}
