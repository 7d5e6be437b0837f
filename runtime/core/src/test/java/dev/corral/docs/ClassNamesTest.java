package dev.corral.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Classes that the design pages name are classes of this repository or of the JDK. */
class ClassNamesTest {
    /** In quotes: the name of a class, alone or before a method. */
    private static final Pattern CLASS_NAME =
            Pattern.compile("`(?:[a-z]+\\.)*([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?(?:\\(.*?\\))?`");
    private static final int LEAST = 80;
    /** Names of JVMTI and JNI. */
    private static final Set<String> NATIVE = Set.of("StopThread", "SampledObjectAlloc", "ObjectFree", "DefineClass");

    @Test
    void shouldNameClassesThatExist() throws IOException {
        Set<String> known = new HashSet<>(NATIVE);
        Page.files(".java").forEach(file -> known.add(simpleName(file, ".java")));
        addCompiled(known, Path.of("target", "classes"));
        addCompiled(known, FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base"));
        List<String> unknown = new ArrayList<>();
        int seen = 0;
        for (Page page : Page.all()) {
            if (page.name().contains("/design/")) {
                for (String name : CLASS_NAME.matcher(page.text()).results().map(found -> found.group(1)).toList()) {
                    seen++;
                    if (!known.contains(name)) {
                        unknown.add(page.name() + ": " + name);
                    }
                }
            }
        }
        assertEquals(List.of(), unknown);
        assertTrue(seen >= LEAST, "looked at " + seen);
    }

    private static void addCompiled(Set<String> names, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.toString().endsWith(".class"))
                    .forEach(file -> names.add(simpleName(file, ".class")));
        }
    }

    /** Of a nested class without the name of its outer one. */
    private static String simpleName(Path file, String ending) {
        String name = file.getFileName().toString().replace(ending, "");
        return name.substring(name.lastIndexOf('$') + 1);
    }
}
