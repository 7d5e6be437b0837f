package dev.corral.cli;

import dev.corral.CorralException;
import dev.corral.Program;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the program that a command line names. */
final class Programs {
    /** The property with the path of the samples' jar; the launcher sets it. */
    private static final String SAMPLES = "corral.samples";
    private static final Map<String, String> SAMPLE_CLASSES =
            Map.of("hello", "Hello", "crash", "Crash", "embed", "Embed",
                    "leaky", "Leaky", "ticker", "Ticker", "zombie", "Zombie");

    private Programs() {}

    /** A program and its title in messages. */
    record Found(Program program, String title) {}

    /**
     * Finds the program: the class of {@code --main}, with all words as its arguments. Without {@code --main}, the
     * first word is a file that exists; otherwise a class of the class path; otherwise a sample.
     */
    static Found find(@Nullable String mainClass, @Nullable String classPath, List<String> words) {
        if (mainClass != null) {
            if (classPath == null) {
                throw new CorralException("--main " + mainClass + " needs --class-path, where the class is");
            }
            return found(Program.classPath(ClassPathOption.parse(classPath), mainClass,
                    words.toArray(String[]::new)));
        }
        if (words.isEmpty()) {
            throw new CorralException("no PROGRAM; it must be a jar, a class of --class-path, or a sample (" + samples()
                    + "); or name a class with --main");
        }
        String name = words.getFirst();
        String[] args = words.subList(1, words.size()).toArray(String[]::new);
        Path file = path(name);
        if (file != null && Files.isDirectory(file)) {
            throw new CorralException(name + " is a directory; the program must be a jar. "
                    + "For a directory of classes, give --class-path " + name + " and --main CLASS");
        }
        if (file != null && Files.exists(file)) {
            return found(Program.jar(file, args));
        }
        if (classPath != null) {
            return found(Program.classPath(ClassPathOption.parse(classPath), name, args));
        }
        if (!SAMPLE_CLASSES.containsKey(name)) {
            throw new CorralException(
                    "no file " + name + ", no --class-path to find a class of that name in, and no sample ("
                            + samples() + ")");
        }
        return new Found(sample(SAMPLE_CLASSES.get(name), args), name);
    }

    private static String samples() {
        return SAMPLE_CLASSES.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private static Found found(Program program) {
        return new Found(program, program.name());
    }

    private static @Nullable Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static Program sample(String className, String[] args) {
        String jar = System.getProperty(SAMPLES);
        if (jar == null || !Files.exists(Path.of(jar))) {
            throw new CorralException("the samples are missing: the property " + SAMPLES + " is " + jar
                    + "; it must name their jar, as the launcher does");
        }
        return Program.classPath(List.of(Path.of(jar)), "dev.corral.samples." + className, args);
    }
}
