package dev.corral.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Makes executable jars of test classes. */
final class TestJars {
    private TestJars() {}

    static Path of(Path jar, String mainClass, String... classNames) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String className : classNames) {
            entries.putAll(classFile("", className));
        }
        return write(jar, Map.of("Main-Class", mainClass), entries);
    }

    /** A jar of these files, compressed, but for jars in it, which are stored. */
    static Path write(Path jar, Map<String, String> attributes, Map<String, byte[]> entries) throws IOException {
        Files.createDirectories(jar.getParent());
        Files.write(jar, bytes(attributes, entries));
        return jar;
    }

    static byte[] bytes(Map<String, String> attributes, Map<String, byte[]> entries) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        var bytes = new ByteArrayOutputStream();
        try (var out = new JarOutputStream(bytes, manifest)) {
            for (var each : entries.entrySet()) {
                var entry = new ZipEntry(each.getKey());
                if (each.getKey().endsWith(".jar")) {
                    var crc = new CRC32();
                    crc.update(each.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(each.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                out.putNextEntry(entry);
                out.write(each.getValue());
                out.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** The entry of a class of these tests. */
    static Map<String, byte[]> classFile(String prefix, String className) throws IOException {
        String resource = className.replace('.', '/') + ".class";
        try (InputStream in = TestJars.class.getClassLoader().getResourceAsStream(resource)) {
            return Map.of(prefix + resource, in.readAllBytes());
        }
    }
}
