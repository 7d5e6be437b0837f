package dev.corral.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.CorralException;
import dev.corral.Program;
import dev.corral.testing.Harness;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts in which programs are packed, each read as a class path; and what their code finds of itself. */
@Tag("c2")
class LayoutIT {
    private static final String LOCATED = "programs.Located";

    @TempDir
    private Path directory;

    /** Class {@code generated.Said}, whose method {@code say} returns this. */
    private static byte[] said(String text) {
        return ClassFile.of().build(ClassDesc.of("generated.Said"), type -> type.withMethodBody("say",
                MethodTypeDesc.of(ConstantDescs.CD_String), ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code -> code.loadConstant(text).areturn()).withFlags(ClassFile.ACC_PUBLIC));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A library with that class and the text. */
    private static byte[] library(String word) throws IOException {
        return TestJars.bytes(Map.of(), Map.of("generated/Said.class", said(word), "text.txt", text(word)));
    }

    private static Map<String, byte[]> located(String prefix) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(TestJars.classFile(prefix, LOCATED));
        entries.put(prefix + "text.txt", text("own"));
        return entries;
    }

    private static Map<String, String> manifest(String mainClass, String... more) {
        Map<String, String> attributes =
                new LinkedHashMap<>(Map.of("Main-Class", mainClass, "Implementation-Version", "4.2"));
        for (int i = 0; i < more.length; i += 2) {
            attributes.put(more[i], more[i + 1]);
        }
        return attributes;
    }

    private static List<String> tells(String version, String source, String said, String sourceOfSaid, String text,
            String all) {
        return List.of("worker 1", "version " + version, "source " + source + " true", "said " + said,
                "source of said " + sourceOfSaid + " true", "stream " + text, "url " + text, "system " + text,
                "class " + text, "all " + all, "absent nullnull", "outside null", "jdk true", "done");
    }

    private static void assertTells(Program program, List<String> lines) {
        try (var it = new Harness(program, config -> config)) {
            it.awaitLine(1, "done");
            assertEquals(lines, it.linesOf(1));
        }
    }

    @Test
    void shouldReadWhatAManifestNamesInClassPath() throws Exception {
        TestJars.write(directory.resolve("lib/more/said.jar"), Map.of("Class-Path", "last.jar"),
                Map.of("generated/Said.class", said("in the library")));
        TestJars.write(directory.resolve("lib/more/last.jar"), Map.of(), Map.of("text.txt", text("last")));
        Path classes = Files.createDirectories(directory.resolve("a directory"));
        Files.writeString(classes.resolve("text.txt"), "in the directory");
        String classPath = "lib/absent.jar http://127.0.0.1/remote.jar lib/more/said.jar a%20directory/ ::";
        Path jar =
                TestJars.write(directory.resolve("app.jar"), manifest(LOCATED, "Class-Path", classPath), located(""));
        Program program = Program.jar(jar);
        assertEquals("app", program.name());
        assertTells(program,
                tells("4.2", "app.jar", "in the library", "said.jar", "own", "[own, last, in the directory]"));
    }

    @Test
    void shouldTakeTheNewestVersionOfAMultiReleaseJar() throws Exception {
        Map<String, byte[]> entries = located("");
        entries.put("generated/Said.class", said("for all"));
        entries.put("META-INF/versions/11/generated/Said.class", said("for 11"));
        entries.put("META-INF/versions/25/generated/Said.class", said("for 25"));
        entries.put("META-INF/versions/99/generated/Said.class", said("for 99"));
        entries.put("META-INF/versions/17/text.txt", text("for 17"));
        Path jar = TestJars.write(directory.resolve("app.jar"), manifest(LOCATED, "Multi-Release", "true"), entries);
        assertTells(Program.jar(jar), tells("4.2", "app.jar", "for 25", "app.jar", "for 17", "[for 17]"));
    }

    /** The main class itself may be there in a version only. */
    @Test
    void shouldFindAMainClassThatIsVersioned() throws Exception {
        Map<String, byte[]> entries = located("META-INF/versions/21/");
        entries.put("generated/Said.class", said("for all"));
        entries.put("text.txt", text("own"));
        Path jar = TestJars.write(directory.resolve("app.jar"), manifest(LOCATED, "Multi-Release", "true"), entries);
        assertTells(Program.jar(jar), tells("4.2", "app.jar", "for all", "app.jar", "own", "[own]"));
    }

    @Test
    void shouldRunASignedJar() throws Exception {
        Map<String, byte[]> entries = located("");
        entries.put("generated/Said.class", said("signed"));
        Path plain = TestJars.write(directory.resolve("plain.jar"), manifest(LOCATED), entries);
        Path signed = directory.resolve("signed.jar");
        char[] password = "changeit".toCharArray();
        var store = KeyStore.getInstance(KeyStores.make(directory).toFile(), password);
        var key = (PrivateKeyEntry) store.getEntry(store.aliases().nextElement(), new PasswordProtection(password));
        try (var in = new ZipFile(plain.toFile()); var out = Files.newOutputStream(signed)) {
            new JarSigner.Builder(key).build().sign(in, out);
        }
        try (var in = new ZipFile(signed.toFile())) {
            assertTrue(in.stream().anyMatch(entry -> entry.getName().endsWith(".SF")));
        }
        assertTells(Program.jar(signed), tells("4.2", "signed.jar", "signed", "signed.jar", "own", "[own]"));
    }

    @Test
    void shouldReadDirectories() throws Exception {
        Path classes = directory.resolve("classes");
        for (var entry : located("").entrySet()) {
            Path file = classes.resolve(entry.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
        Path resources = Files.createDirectories(directory.resolve("resources/generated")).getParent();
        Files.write(resources.resolve("generated/Said.class"), said("beside"));
        Files.writeString(resources.resolve("text.txt"), "beside");
        assertTells(Program.classPath(List.of(classes, resources), LOCATED),
                tells("null", "classes", "beside", "resources", "own", "[own, beside]"));
    }

    private Path springBoot(String name, String root, String launcher) throws IOException {
        Map<String, byte[]> entries = located(root + "classes/");
        entries.put("org/springframework/boot/loader/launch/" + launcher + ".class", new byte[0]);
        entries.put("META-INF/services/java.nio.file.spi.FileSystemProvider", text("absent.Provider"));
        entries.put("static.html", text("static"));
        entries.put(root + "lib/a.jar", library("first in the jar"));
        entries.put(root + "lib/b.jar", library("first in the index"));
        entries.put(root + "classpath.idx", text("- \"" + root + "lib/b.jar\"\n- \"" + root + "lib/a.jar\"\n"));
        return TestJars.write(directory.resolve(name),
                manifest("org.springframework.boot.loader.launch." + launcher, "Start-Class", LOCATED,
                        "Spring-Boot-Classes", root + "classes/", "Spring-Boot-Lib", root + "lib/",
                        "Spring-Boot-Classpath-Index", root + "classpath.idx"),
                entries);
    }

    @Test
    void shouldReadTheJarsInAJarOfSpringBoot() throws Exception {
        Path jar = springBoot("app.jar", "BOOT-INF/", "JarLauncher");
        Program program = Program.jar(jar);
        assertEquals("app", program.name());
        assertEquals(LOCATED, program.mainClass());
        String fingerprint = program.fingerprint();
        Path second = Files.copy(jar, directory.resolve("second.jar"));
        List<String> lines = tells("4.2", "app.jar", "first in the index", "b.jar", "own",
                "[own, first in the index, first in the jar]");
        try (var it = new Harness(program, config -> config)) {
            it.awaitLine(1, "done");
            assertEquals(lines, it.linesOf(1));
            Files.writeString(jar, "overwritten");
            it.worker(1).kill().get();
            it.awaitLine(2, "done");
            assertEquals(lines.subList(1, lines.size()), it.linesOf(2).subList(1, lines.size()));
        }
        assertEquals(fingerprint, program.fingerprint());
        assertEquals(fingerprint, Program.jar(second).fingerprint());
    }

    /** A war has files beside its classes; Spring Boot finds them as the directory two above its own library. */
    @Test
    void shouldReadAWarOfSpringBoot() throws Exception {
        Program program = Program.jar(springBoot("app.war", "WEB-INF/", "WarLauncher"));
        assertEquals("app", program.name());
        assertTells(program, tells("4.2", "app.war", "first in the index", "b.jar", "own",
                "[own, first in the index, first in the jar]"));
        Path library = program.classPath().getLast().copy();
        assertTrue(library.endsWith("WEB-INF/lib/a.jar"), library.toString());
        Path root = library.getParent().getParent().getParent();
        assertEquals("static", Files.readString(root.resolve("static.html")));
        assertFalse(Files.exists(root.resolve("META-INF")));
        assertFalse(Files.exists(root.resolve("org")));
    }

    @Test
    void shouldDeleteWhatItHasTakenApart() throws Exception {
        Path copy = copyOf(springBoot("app.jar", "BOOT-INF/", "JarLauncher"));
        assertTrue(Files.exists(copy));
        org.awaitility.Awaitility.await().until(() -> {
            System.gc();
            return !Files.exists(copy) && !Files.exists(copy.getParent().getParent());
        });
    }

    private static Path copyOf(Path jar) {
        return Program.jar(jar).classPath().getFirst().copy();
    }

    private Path quarkus(boolean withData) throws IOException {
        Path root = directory.resolve("quarkus-app");
        TestJars.write(root.resolve("lib/boot/runner.jar"), Map.of(), Map.of("text.txt", text("boot")));
        TestJars.write(root.resolve("lib/main/said.jar"), Map.of(),
                Map.of("generated/Said.class", said("original"), "text.txt", text("main")));
        TestJars.write(root.resolve("app/app.jar"), manifest(LOCATED), located(""));
        TestJars.write(root.resolve("quarkus/generated-bytecode.jar"), Map.of(),
                Map.of("generated/Said.class", said("generated"), "text.txt", text("generated")));
        TestJars.write(root.resolve("quarkus/transformed-bytecode.jar"), Map.of(),
                Map.of("generated/Said.class", said("transformed")));
        if (withData) {
            var bytes = new ByteArrayOutputStream();
            try (var out = new DataOutputStream(bytes)) {
                out.writeInt(0xF0315432);
                out.writeInt(2);
                out.writeUTF(LOCATED);
                out.writeShort(0);
            }
            Files.write(root.resolve("quarkus/quarkus-application.dat"), bytes.toByteArray());
        }
        return TestJars.write(root.resolve("quarkus-run.jar"),
                manifest("io.quarkus.bootstrap.runner.QuarkusEntryPoint", "Class-Path", "lib/boot/runner.jar"),
                Map.of());
    }

    @Test
    void shouldReadWhatLiesBesideTheJarOfQuarkus() throws Exception {
        Program program = Program.jar(quarkus(true));
        assertEquals(LOCATED, program.mainClass());
        assertTells(program, tells("4.2", "app.jar", "transformed", "transformed-bytecode.jar", "generated",
                "[generated, own, main, boot]"));
    }

    private static void assertRefused(Path jar, String... parts) {
        String message = assertThrows(CorralException.class, () -> Program.jar(jar)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }

    @Test
    void shouldRefuseAJarWhoseLayoutIsIncomplete() throws Exception {
        assertRefused(quarkus(false), "quarkus-run.jar", "quarkus-application.dat");
        Files.writeString(directory.resolve("quarkus-app/quarkus/quarkus-application.dat"), "something");
        assertRefused(directory.resolve("quarkus-app/quarkus-run.jar"), "quarkus-application.dat");
        assertRefused(
                TestJars.write(directory.resolve("no-classes.jar"), manifest("Launcher", "Start-Class", "some.App"),
                        Map.of()),
                "no class some.App", "no-classes.jar");
        assertRefused(TestJars.write(directory.resolve("library.jar"), Map.of(), Map.of()), "library.jar",
                "no Main-Class", "--main");
    }
}
