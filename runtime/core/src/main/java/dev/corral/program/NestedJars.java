package dev.corral.program;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a Spring Boot executable jar or war into an ordinary class path. Its classes become a jar with the manifest
 * of the whole. Its libraries become files, in the order of its index.
 *
 * <p>The other files of a war are placed beside its libraries, in the same tree as in the war. Spring Boot finds the
 * static files of a web application there, as it does for an unpacked war.
 */
final class NestedJars {
    static final String START_CLASS = "Start-Class";

    private static final String META_INF = "META-INF/";
    private static final String SERVICES = META_INF + "services/";
    private static final String LAUNCHER = "org/springframework/boot/loader/";
    private static final String PROVIDED = "WEB-INF/lib-provided/";

    private final JarFile archive;
    private final String classes;
    private final String libraries;
    private final @Nullable String index;

    private NestedJars(JarFile archive, Manifest manifest) {
        this.archive = archive;
        Attributes attributes = manifest.getMainAttributes();
        String root = archive.getEntry("WEB-INF/") != null ? "WEB-INF/" : "BOOT-INF/";
        this.classes = requireNonNullElse(attributes.getValue("Spring-Boot-Classes"), root + "classes/");
        this.libraries = requireNonNullElse(attributes.getValue("Spring-Boot-Lib"), root + "lib/");
        this.index = attributes.getValue("Spring-Boot-Classpath-Index");
    }

    /** Unpacks the class path that the jar contains into this directory; null if the jar contains none. */
    static @Nullable List<Path> unpack(Path jar, Path directory) throws IOException {
        try (var archive = new JarFile(jar.toFile(), false)) {
            Manifest manifest = archive.getManifest();
            if (manifest == null || manifest.getMainAttributes().getValue(START_CLASS) == null) {
                return null;
            }
            return new NestedJars(archive, manifest).unpack(jar.getFileName().toString(), directory);
        }
    }

    private List<Path> unpack(String name, Path directory) throws IOException {
        Path files = directory.resolve("files");
        Path ofClasses = Files.createDirectories(directory.resolve("classes")).resolve(name);
        Map<String, Path> unpacked = new LinkedHashMap<>();
        try (var out = new ZipOutputStream(Files.newOutputStream(ofClasses))) {
            Set<String> written = new LinkedHashSet<>();
            add(archive.getEntry(JarFile.MANIFEST_NAME), JarFile.MANIFEST_NAME, out, written); // first, as in any jar
            for (ZipEntry entry : entries()) {
                if (entry.getName().startsWith(classes)) {
                    add(entry, entry.getName().substring(classes.length()), out, written);
                } else if (isLibrary(entry)) {
                    unpacked.put(entry.getName(), extract(entry, files));
                } else if (isWar() && isStatic(entry)) {
                    extract(entry, files);
                }
            }
            for (ZipEntry entry : entries()) {
                if (isOfRoot(entry)) {
                    add(entry, entry.getName(), out, written);
                }
            }
        }
        List<Path> classPath = new ArrayList<>(List.of(ofClasses));
        for (String indexed : index()) {
            Path library = unpacked.remove(indexed);
            if (library != null) {
                classPath.add(library);
            }
        }
        classPath.addAll(unpacked.values());
        return classPath;
    }

    private List<? extends ZipEntry> entries() {
        return Collections.list(archive.entries());
    }

    private boolean isWar() {
        return classes.startsWith("WEB-INF/");
    }

    private boolean isLibrary(ZipEntry entry) {
        String name = entry.getName();
        return name.endsWith(".jar") && (name.startsWith(libraries) || name.startsWith(PROVIDED));
    }

    private static boolean isStatic(ZipEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory() && !name.startsWith(META_INF) && !name.startsWith(LAUNCHER);
    }

    /**
     * Whether the entry describes the whole jar. Signatures do not count, because the class files are in another jar
     * now; neither do services of the launcher.
     */
    private static boolean isOfRoot(ZipEntry entry) {
        String name = entry.getName();
        boolean isSignature = name.endsWith(".SF") || name.endsWith(".RSA") || name.endsWith(".DSA")
                || name.endsWith(".EC");
        return name.startsWith(META_INF) && !isSignature && !name.startsWith(SERVICES);
    }

    private void add(ZipEntry entry, String name, ZipOutputStream out, Set<String> written) throws IOException {
        if (name.isEmpty() || !written.add(name)) {
            return;
        }
        var copy = new ZipEntry(name);
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        try (InputStream in = archive.getInputStream(entry)) {
            in.transferTo(out);
        }
        out.closeEntry();
    }

    private Path extract(ZipEntry entry, Path directory) throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("its entry " + entry.getName() + " leads out of it");
        }
        Files.createDirectories(target.getParent());
        try (InputStream in = archive.getInputStream(entry)) {
            Files.copy(in, target);
        }
        return target;
    }

    /** Reads the index, whose lines are like {@code - "BOOT-INF/lib/some.jar"}. */
    private List<String> index() throws IOException {
        ZipEntry entry = index == null ? null : archive.getEntry(index);
        if (entry == null) {
            return List.of();
        }
        try (InputStream in = archive.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> line.startsWith("- \"") && line.endsWith("\""))
                    .map(line -> line.substring(3, line.length() - 1)).toList();
        }
    }
}
