package dev.corral.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines that the source of this module logs as warnings and errors, as far as they are literals. */
final class LogCalls {
    private static final Path SOURCE = Path.of("src/main/java");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern CALL =
            Pattern.compile("(?:\\.log|LogLine\\.of)\\(\\s*Level\\.(INFO|WARNING|ERROR),(.*?)\\);\\n", Pattern.DOTALL);
    private static final Pattern FAILURE =
            Pattern.compile("\\.failed\\((.*?)(?:, (?:e|failure|reason|outOfMemory)\\)|\\);\\n)", Pattern.DOTALL);
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    private LogCalls() {}

    /**
     * A line.
     *
     * @param parts what is literal of it, in order
     */
    record Line(String level, List<String> parts) {}

    static List<Line> ofCore() throws IOException {
        List<Line> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String source = JOINED.matcher(Files.readString(file)).replaceAll("");
                Matcher call = CALL.matcher(source);
                while (call.find()) {
                    add(lines, call.group(1), call.group(2));
                }
                Matcher failure = FAILURE.matcher(source);
                while (failure.find()) {
                    add(lines, "ERROR", failure.group(1));
                }
            }
        }
        return lines;
    }

    private static void add(List<Line> lines, String level, String arguments) {
        String text = LITERAL.matcher(arguments).results().map(literal -> literal.group(1))
                .collect(Collectors.joining("..."));
        List<String> parts = parts(text);
        if (!parts.isEmpty()) {
            lines.add(new Line(level, parts));
        }
    }

    /** What stands between the places that are filled in. */
    static List<String> parts(String text) {
        return Stream.of(text.split("\\.\\.\\.|\\{\\d}")).map(String::strip)
                .filter(part -> part.chars().anyMatch(Character::isLetter)).toList();
    }
}
