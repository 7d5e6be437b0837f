package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runtime/bin/corral}: how it finds its JDK and its jar. */
class LauncherIT {
    @Test
    void shouldListThePlacesItLookedAtAndEndWith78WithoutAJdk() throws Exception {
        String home = System.getProperty("java.home");
        try (var corral = new Command(Command.LAUNCHER, Map.of("CORRAL_NEEDS_JDK", "999", "CORRAL_JAVA_HOME", home),
                "run", "hello")) {
            assertEquals(78, corral.awaitExit());
            assertTrue(corral.err.getFirst().startsWith("corral: needs JDK 999 and found none."),
                    corral.err.toString());
            assertEquals("  " + home + " (25)", corral.err.get(1));
        }
    }

    @Test
    void shouldPassOverAJdkThatIsTooOld(@TempDir Path directory) throws Exception {
        Path old = Files.createDirectories(directory.resolve("old/bin")).getParent();
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");
        Files.writeString(old.resolve("bin/java"), "#!/bin/sh\nexit 99\n").toFile().setExecutable(true);
        try (var corral = new Command(Command.LAUNCHER,
                Map.of("CORRAL_JAVA_HOME", old.toString(), "JAVA_HOME", old.toString()), "--version")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.err.getFirst()
                    .startsWith("corral: CORRAL_JAVA_HOME=" + old + " is not the home of a JDK 25 or later; /"),
                    corral.err.toString());
        }
    }

    /** The layout of the distribution archive. */
    @Test
    void shouldRunFromTheUnpackedArchive(@TempDir Path directory) throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path lib = Files.createDirectories(directory.resolve("lib"));
        for (String script : List.of("corral", "find-jdk")) {
            Files.copy(Command.LAUNCHER.resolveSibling(script), bin.resolve(script),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path runtime = Command.LAUNCHER.resolve("../..").normalize();
        Files.copy(runtime.resolve("jvm.flags"), lib.resolve("jvm.flags"));
        Files.copy(Path.of("target", "corral.jar"), lib.resolve("corral.jar"));
        Files.copy(runtime.resolve("../samples/target/corral-samples.jar"), lib.resolve("corral-samples.jar"));
        try (var corral =
                new Command(bin.resolve("corral"), Map.of("PATH", "/bin:/usr/bin"), "run", "ticker", "-i", "1",
                        "--", "1")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.out.contains("ticker#1 | tick 1"), corral.out.toString());
        }
    }

    @Test
    void shouldPrintTheFlagsForProgramsThatEmbedCorral() throws Exception {
        try (var corral = new Command(Command.LAUNCHER, Map.of(), "flags")) {
            assertEquals(0, corral.awaitExit());
            assertEquals(Files.readAllLines(Command.LAUNCHER.resolve("../../jvm.flags").normalize()), corral.out);
        }
    }

    @Test
    void shouldWorkThroughASymbolicLink(@TempDir Path directory) throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("corral"), Command.LAUNCHER);
        try (var corral = new Command(link, Map.of(), "run", "ticker", "-i", "1", "--", "1")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.out.contains("ticker#1 | tick 1"), corral.out.toString());
        }
    }

    @Test
    void shouldNameTheVersionOfThePom() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        assertTrue(pom.contains("<version>" + Main.VERSION.replace("Corral ", "") + "</version>"), Main.VERSION);
    }

    @Test
    void shouldPassOptionsToTheJvm() throws Exception {
        try (var corral = new Command(Command.LAUNCHER, Map.of("CORRAL_OPTS", "-Xmx64m -XshowSettings:vm"),
                "--version")) {
            assertEquals(0, corral.awaitExit());
            assertTrue(corral.err.stream().anyMatch(line -> line.contains("64.00M")), corral.err.toString());
        }
    }

    @Test
    void shouldOpenByItsManifestWhatTheListOfFlagsOpens() throws Exception {
        Set<String> listed = Files.readAllLines(Command.LAUNCHER.resolve("../../jvm.flags").normalize()).stream()
                .filter(line -> line.startsWith("--add-opens="))
                .map(line -> line.replace("--add-opens=", "").replace("=ALL-UNNAMED", "")).collect(Collectors.toSet());
        try (var jar = new JarFile(Path.of("target", "corral.jar").toFile())) {
            String opened = jar.getManifest().getMainAttributes().getValue("Add-Opens");
            assertEquals(listed, Set.of(opened.split(" ")));
        }
    }
}
