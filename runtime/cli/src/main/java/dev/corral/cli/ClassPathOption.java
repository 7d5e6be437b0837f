package dev.corral.cli;

import dev.corral.CorralException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Parses {@code --class-path} like the {@code java} command, but refuses entries that do not exist. */
final class ClassPathOption {
    private static final String ALL = "*";

    private ClassPathOption() {}

    static List<Path> parse(String text) {
        List<Path> paths = new ArrayList<>();
        for (String entry : text.split(File.pathSeparator, -1)) {
            if (entry.isBlank()) {
                throw refused(text, "has an empty entry; it must name jars and directories, . for this one");
            }
            if (entry.equals(ALL) || entry.endsWith("/" + ALL)) {
                paths.addAll(jarsIn(text, entry.substring(0, entry.length() - ALL.length())));
            } else {
                paths.add(existing(text, entry));
            }
        }
        return paths;
    }

    private static Path existing(String text, String entry) {
        try {
            Path path = Path.of(entry);
            if (Files.exists(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw refused(text, "has the entry " + entry + ", which is not a path: " + e.getReason());
        }
        throw refused(text, "has the entry " + entry + ", which does not exist; it must be a jar or a directory");
    }

    private static List<Path> jarsIn(String text, String entry) {
        Path directory = existing(text, entry.isEmpty() ? "." : entry);
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar") || file.toString().endsWith(".JAR")).sorted()
                    .toList();
        } catch (IOException e) {
            throw refused(text,
                    "has the entry " + entry + ALL + ", but " + directory + " is not a directory that can be read");
        }
    }

    private static CorralException refused(String text, String why) {
        return new CorralException("--class-path " + text + " " + why);
    }
}
