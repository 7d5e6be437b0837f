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
    /** Where the launcher has put the samples' jar. */
    private static final String SAMPLES = "corral.samples";
    private static final Map<String, String> SAMPLE_CLASSES =
            Map.of("hello", "Hello", "crash", "Crash", "embed", "Embed",
                    "ticker", "Ticker");

    private Programs() {}

    /** A program, and what to call it. */
    record Found(Program program, String title) {}

    /** A file that exists, else a class of the class path, else a sample. */
    static Found find(String name, List<Path> classPath, List<String> arguments) {
        String[] args = arguments.toArray(String[]::new);
        Path file = path(name);
        if (file != null && Files.exists(file)) {
            return found(Program.jar(file, args));
        }
        if (!classPath.isEmpty()) {
            return found(Program.classPath(classPath, name, args));
        }
        String sample = SAMPLE_CLASSES.get(name);
        if (sample == null) {
            throw new CorralException(
                    "no file " + name + ", no --class-path to find a class of that name in, and no sample ("
                            + SAMPLE_CLASSES.keySet().stream().sorted().collect(Collectors.joining(", ")) + ")");
        }
        return new Found(sample(sample, args), name);
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
            throw new CorralException("the samples are not there: the property " + SAMPLES + " is " + jar
                    + "; it must name their jar, as the launcher does");
        }
        return Program.classPath(List.of(Path.of(jar)), "dev.corral.samples." + className, args);
    }
}
