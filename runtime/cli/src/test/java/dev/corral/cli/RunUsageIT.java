package dev.corral.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.testing.Soak;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of {@code corral run}: the help, and the messages for a command line that is wrong. */
class RunUsageIT {
    /** The samples, whose names stand for programs. The launcher sets this property. */
    @BeforeAll
    static void nameTheSamples() {
        System.setProperty("corral.samples", Path.of("../../samples/target/corral-samples.jar").toString());
    }

    @AfterAll
    static void forgetTheSamples() {
        System.clearProperty("corral.samples");
    }

    /** The exit code and the lines of a command that ends by itself. */
    private record Ended(int code, List<String> out, List<String> err) {
        /** Runs the command in a JVM of its own, as a user does. */
        static Ended inItsOwnJvm(String... arguments) throws InterruptedException {
            try (var corral = new Command(arguments)) {
                return new Ended(corral.awaitExit(), corral.out, corral.err);
            }
        }

        /** Runs the command in a JVM of its own in a soak, and in this JVM, which is faster, in the build. */
        static Ended of(String... arguments) throws InterruptedException {
            if (Soak.isOn()) {
                return inItsOwnJvm(arguments);
            }
            var out = new StringWriter();
            var err = new StringWriter();
            int code = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
            return new Ended(code, out.toString().lines().toList(), err.toString().lines().toList());
        }

        void assertRefused() {
            assertEquals(2, code);
            assertEquals(1, err.size(), err.toString());
            assertTrue(err.getFirst().startsWith("corral: "), err.toString());
            assertEquals(List.of(), out);
        }
    }

    private static String[] words(String arguments) {
        return arguments.isEmpty() ? new String[0] : arguments.split(" ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run missing.jar", "run hello --no-such-option", ""})
    void shouldRefuseBadUsageInAJvmOfItsOwn(String arguments) throws Exception {
        Ended.inItsOwnJvm(words(arguments)).assertRefused();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run hello --no-such-option", "run missing.jar", "run hello -i many",
            "run hello --carriers 0", "run hello --reload-parallel 0", "run hello --ready-within 0",
            "run hello --balance fair", "run hello --exclusive 70000",
            "run hello --restart-delay 5x", "run hello --env MOOD",
            "run programs.NoMain -cp target/test-classes", "run programs.Absent -cp target/test-classes",
            "run hello --max-restarts -1", "run hello --share java.util", "run hello --name", "walk hello", ""})
    void shouldRefuseBadUsageWithOneLineAndTwo(String arguments) throws Exception {
        Ended.of(words(arguments)).assertRefused();
    }

    @Test
    void shouldRefuseAJarWithoutMainClassAndAFileThatIsNone(@TempDir Path directory) throws Exception {
        Path jar = directory.resolve("empty.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
        try (var corral = new Command("run", jar.toString())) {
            assertEquals(2, corral.awaitExit());
            assertTrue(corral.err.getFirst().contains("no Main-Class"), corral.err.toString());
        }
        Path text = Files.writeString(directory.resolve("notes.jar"), "no jar");
        try (var corral = new Command("run", text.toString())) {
            assertEquals(2, corral.awaitExit());
            assertTrue(corral.err.size() == 1 && corral.err.getFirst().contains("cannot be read as a jar"),
                    corral.err.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--missed 0 | the number of missed heartbeats is 0; it must be from 1 to 1000",
            "--heartbeat 2h | the heartbeat interval is 2 h; it must be from 1 ms to 1 h, or 0 for none",
            "--start-deadline 0 | the start deadline is 0 s; it must be 1 ms or more",
            "--max-allocated 5x | Invalid value for option '--max-allocated': '5x' is not a size; it must be like 512k, 700m or "
                    + "50g, from 1 kilobyte to 8 million terabytes",
            "--pressure 85 | Invalid value for option '--pressure': '85' is not a share; it must be like 85% or 0.85, more than 0 "
                    + "and at most 100%",
            "--max-live 700m --no-live-bytes | --max-live is 700m, but --no-live-bytes turns off what it needs; one of them "
                    + "must be left out",
            "--advise-limits --max-live 700m | --max-live is 700m, but --advise-limits observes workers without limits; one of "
                    + "them must be left out",
            "--advise-limits --max-allocated 50g | --max-allocated is 50g, but --advise-limits observes workers without limits; "
                    + "one of them must be left out",
            "--advise-limits --max-metaspace 200m | --max-metaspace is 200m, but --advise-limits observes workers without "
                    + "limits; one of them must be left out"})
    void shouldSayWhatIsWrongWithHeartbeatsAndMemory(String arguments, String message) throws Exception {
        Ended refused = Ended.of(words("run hello " + arguments));
        assertEquals(2, refused.code);
        assertEquals(List.of("corral: " + message), refused.err);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--main programs.Told | --main programs.Told needs --class-path, where the class is",
            "--main programs/Told -cp target/test-classes | \"programs/Told\" is not the name of a class; it must be like com.example.Main",
            "--main programs.Absent -cp target/test-classes | no class programs.Absent in [target/test-classes]",
            "--main programs.NoMain -cp target/test-classes | programs.NoMain has no main method and does not implement WorkerMain",
            "--main programs.BadMain$Private -cp target/test-classes | programs.BadMain$Private cannot be run: its main method is private; it must not be",
            "--main programs.BadMain$Returns -cp target/test-classes | programs.BadMain$Returns cannot be run: its main method returns int; it must return void",
            "--main programs.BadMain$Takes -cp target/test-classes | programs.BadMain$Takes cannot be run: its main method takes int; it must take String[] or nothing",
            "--main programs.BadMain$NotCreated -cp target/test-classes | programs.BadMain$NotCreated cannot be run: its main method is not static, so the class must have a constructor without parameters",
            "--main programs.Told -cp target/test-classes:absent.jar | --class-path target/test-classes:absent.jar has the entry absent.jar, which does not exist; it must be a jar or a directory",
            "--main programs.Told -cp target/test-classes: | --class-path target/test-classes: has an empty entry; it must name jars and directories, . for this one",
            "--main programs.Told -cp pom.xml/* | --class-path pom.xml/* has the entry pom.xml/*, but pom.xml is not a directory that can be read",
            "--main programs.Told -cp pom.xml | {pom.xml} cannot be read as a jar: zip END header not found",
            "-i 2 | no PROGRAM; it must be a jar, a class of --class-path, or a sample (crash, embed, hello, leaky, ticker, zombie); or name a class with --main"})
    void shouldSayWhatIsWrongWithAClassPathOrItsMainClass(String arguments, String message) throws Exception {
        Ended refused = Ended.of(words("run " + arguments));
        assertEquals(2, refused.code);
        String absolute = Path.of("pom.xml").toAbsolutePath().toString();
        assertEquals(List.of("corral: " + message.replace("{pom.xml}", absolute)), refused.err);
    }

    @Test
    void shouldTellItsOptions() throws Exception {
        try (var corral = new Command("run", "--help")) {
            assertEquals(0, corral.awaitExit());
            for (String option : List.of("--instances", "--name", "--env", "--share", "--carriers", "--restart-delay",
                    "--max-restarts", "--min-uptime", "--no-uncaught-end", "--json", "--class-path", "--main",
                    "--balance",
                    "--exclusive", "--wait-ready", "--ready-within", "--bake", "--reload-parallel",
                    "--advise-limits")) {
                assertTrue(corral.out.stream().anyMatch(line -> line.contains(option)), option);
            }
        }
    }
}
