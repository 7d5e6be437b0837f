package dev.corral.program;

import dev.corral.CorralException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The main class and the class path of an executable jar, as they are in the file system. If the jar has its own
 * launcher, the launcher is bypassed, because classes that its loader defines would not be woven.
 *
 * <ul>
 * <li>A plain jar names {@code Main-Class}, and further jars in {@code Class-Path}.
 * <li>Spring Boot names {@code Start-Class}; its classes and libraries are inside the jar, see {@link NestedJars}.
 * <li>Quarkus has {@code quarkus-run.jar} beside directories of jars, and names the class in a separate file.</ul>
 */
record Layout(String mainClass, List<Path> classPath) {
    private static final String QUARKUS_ENTRY = "io.quarkus.bootstrap.runner.QuarkusEntryPoint";
    /** The directories in the order of Quarkus: classes that its build has transformed come before the originals. */
    private static final List<String> QUARKUS_DIRECTORIES = List.of("quarkus", "app", "lib/main");
    private static final String QUARKUS_DATA = "quarkus/quarkus-application.dat";
    private static final int QUARKUS_MAGIC = 0xF0315432;

    static Layout of(Path jar) {
        Attributes attributes = attributes(jar);
        String startClass = value(attributes, NestedJars.START_CLASS);
        if (startClass != null) {
            return new Layout(startClass, List.of(jar));
        }
        String mainClass = value(attributes, "Main-Class");
        if (mainClass == null) {
            throw new CorralException(
                    jar + " has no Main-Class in its manifest; name one with Program.classPath, or --class-path and --main");
        }
        return mainClass.equals(QUARKUS_ENTRY) ? quarkus(jar) : new Layout(mainClass, List.of(jar));
    }

    private static Layout quarkus(Path jar) {
        Path root = jar.toAbsolutePath().normalize().resolveSibling("");
        Path data = root.resolve(QUARKUS_DATA);
        List<Path> classPath = new ArrayList<>();
        try (var in = new DataInputStream(Files.newInputStream(data))) {
            if (in.readInt() != QUARKUS_MAGIC) {
                throw new CorralException(data + " does not begin as such a file of Quarkus does");
            }
            in.readInt(); // the version; in all versions the name of the class follows
            String mainClass = in.readUTF();
            for (String directory : QUARKUS_DIRECTORIES) {
                classPath.addAll(jarsIn(root.resolve(directory)));
            }
            classPath.add(jar);
            return new Layout(mainClass, classPath);
        } catch (IOException e) {
            throw new CorralException(jar + " is started by Quarkus, which needs the directories beside it: " + e, e);
        }
    }

    /**
     * Returns the jars in a directory, by name. In the directory of transformed and generated classes the order is
     * reversed, so that the transformed ones come first.
     */
    private static List<Path> jarsIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
            return directory.endsWith("quarkus") ? jars.reversed() : jars;
        }
    }

    static @Nullable Attributes attributes(Path jar) {
        try (var file = new JarFile(jar.toFile(), false)) {
            Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes();
        } catch (IOException e) {
            throw new CorralException(jar + " cannot be read as a jar: " + e.getMessage(), e);
        }
    }

    private static @Nullable String value(@Nullable Attributes attributes, String name) {
        String value = attributes == null ? null : attributes.getValue(name);
        return value == null || value.isBlank() ? null : value.trim();
    }
}
