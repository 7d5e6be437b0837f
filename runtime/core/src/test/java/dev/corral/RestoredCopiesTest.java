package dev.corral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.files.TemporaryDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something deletes the copies of a program while it is in use, as jobs do that remove old temporary files. */
class RestoredCopiesTest {
    private static final String MAIN = "programs.Hello";
    private static final String CLASS = "programs/Hello.class";

    @TempDir
    private Path directory;

    private Path classes() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("classes/programs")).getParent();
        Files.copy(Path.of("target/test-classes", CLASS), classes.resolve(CLASS));
        Files.writeString(classes.resolve("text"), "some text");
        return classes;
    }

    private Path jar(boolean ofSpringBoot) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (ofSpringBoot) {
            manifest.getMainAttributes().putValue("Start-Class", MAIN);
        }
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, MAIN);
        Path jar = directory.resolve("program.jar");
        String root = ofSpringBoot ? "BOOT-INF/classes/" : "";
        try (OutputStream file = Files.newOutputStream(jar); var out = new JarOutputStream(file, manifest)) {
            out.putNextEntry(new JarEntry(root + CLASS));
            out.write(Files.readAllBytes(Path.of("target/test-classes", CLASS)));
            if (ofSpringBoot) {
                out.putNextEntry(new JarEntry("BOOT-INF/lib/some.jar"));
                var library = new ByteArrayOutputStream();
                new JarOutputStream(library, manifest).close();
                out.write(library.toByteArray());
            }
        }
        return jar;
    }

    private static void deleteAll(Program program) {
        TemporaryDirectory.deleteTree(program.classPath().getFirst().copy().getParent().getParent());
    }

    private static void assertRestored(Program program) {
        List<Program.Entry> before = program.classPath();
        deleteAll(program);
        assertEquals(before, program.classPath());
        assertTrue(before.stream().allMatch(entry -> Files.exists(entry.copy())), before.toString());
        deleteAll(program);
        assertEquals(before, program.again().classPath()); // unchanged files, so the copies are the same
        assertTrue(before.stream().allMatch(entry -> Files.exists(entry.copy())), before.toString());
    }

    @Test
    void shouldCreateTheCopiesOfADirectoryAgain() throws IOException {
        Program program = Program.classPath(List.of(classes()), MAIN);
        assertRestored(program);
        Path copy = program.classPath().getFirst().copy();
        assertEquals("some text", Files.readString(copy.resolve("text")));
        assertEquals("rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.getParent().getParent())));
    }

    @Test
    void shouldCreateTheCopyOfAJarAgain() throws IOException {
        assertRestored(Program.jar(jar(false)));
    }

    @Test
    void shouldUnpackAJarOfJarsAgain() throws IOException {
        Program program = Program.jar(jar(true));
        assertEquals(2, program.classPath().size());
        assertRestored(program);
        Path library = program.classPath().getLast().copy();
        Files.delete(library);
        assertTrue(Files.exists(program.classPath().getLast().copy()));
    }

    /** What is left of the program would not fit what is there now. */
    @Test
    void shouldNameTheCopyWhoseOriginalHasChanged() throws IOException {
        Path classes = classes();
        Program program = Program.classPath(List.of(classes), MAIN);
        Path copy = program.classPath().getFirst().copy();
        Files.writeString(classes.resolve("text"), "another text");
        Files.setLastModifiedTime(classes.resolve("text"), FileTime.fromMillis(1000));
        Files.delete(copy.resolve(CLASS));
        program.classPath(); // that one has not changed
        assertTrue(Files.exists(copy.resolve(CLASS)));
        Files.delete(copy.resolve("text"));
        var e = assertThrows(CorralException.class, program::classPath);
        assertTrue(e.getMessage().contains(copy.resolve("text") + " has been deleted"), e.getMessage());
    }
}
