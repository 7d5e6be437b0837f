package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Backoff;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import programs.Natives;

/** Native libraries, which the JDK loads once in a JVM: here every worker has each of them. */
class NativesIT {
    private static final RestartPolicy AT_ONCE =
            RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1_000_000, Duration.ofDays(1));

    @TempDir
    Path directory;

    private Harness open(int workers, String what) {
        List<Path> classPath = Stream.concat(Stream.of(Harness.testClasses()),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(
                        path -> path.getFileName().toString().matches("(zstd-jni|sqlite-jdbc|slf4j-api)-.*")))
                .toList();
        return new Harness(Program.classPath(classPath, "programs.Natives", what, directory.toString()),
                config -> config.withWorkers(workers).withRestart(AT_ONCE));
    }

    /** Compiles C code to a library. */
    private void compile(String name, String code, String... more) throws IOException, InterruptedException {
        assumeTrue(File.separatorChar == '/' && hasCompiler(), "there is no C compiler to make a JNI library with");
        Path source = Files.writeString(directory.resolve(name + ".c"), code);
        Path include = Path.of(System.getProperty("java.home"), "include");
        Stream<String> command = Stream.of("cc", "-shared", "-fPIC", "-I" + include,
                "-I" + include.resolve(System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux"), "-o",
                directory.resolve(System.mapLibraryName(name)).toString(), source.toString());
        Process cc = new ProcessBuilder(Stream.concat(command, Stream.of(more)).toList()).inheritIO().start();
        assertEquals(0, cc.waitFor());
    }

    private static boolean hasCompiler() throws InterruptedException {
        try {
            Process cc = new ProcessBuilder("cc", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return cc.waitFor(60, TimeUnit.SECONDS) && cc.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void compileCounter(String name, String type) throws IOException, InterruptedException {
        compile(name, """
                #include <jni.h>
                static int calls;
                int next() { return ++calls; }
                JNIEXPORT jint JNICALL Java_programs_%s_count(JNIEnv *env, jclass type) { return next(); }
                """.formatted(type));
    }

    @ParameterizedTest
    @CsvSource({"load,12", "library,12", "runtime,12", "reference,12", "child,12 true"})
    void shouldGiveEachWorkerTheLibraryHoweverItIsLoaded(String how, String seen) throws Exception {
        compileCounter("counter", "Natives");
        compileCounter("child", "Natives_00024InChild");
        try (var it = open(2, how)) {
            it.awaitLine(1, how + " " + seen);
            it.awaitLine(2, how + " " + seen);
            it.worker(1).kill().get();
            it.awaitLine(3, how + " " + seen);
        }
    }

    @Test
    void shouldFindLibrariesBesideALibrary() throws Exception {
        compile("leant", "int leant() { return 7; }");
        compile("leaning", """
                #include <jni.h>
                int leant();
                JNIEXPORT jint JNICALL Java_programs_Natives_count(JNIEnv *env, jclass type) { return leant(); }
                """, "-L" + directory, "-lleant", "-Wl,-rpath,$ORIGIN");
        try (var it = open(2, "neighbour")) {
            it.awaitLine(1, "neighbour 7");
            it.awaitLine(2, "neighbour 7");
        }
    }

    /** A lookup by path knows no loaders: what it finds is common to all workers. */
    @Test
    void shouldLeaveLookupsOfTheForeignFunctionInterfaceAsTheyAre() throws Exception {
        compileCounter("counter", "Natives");
        try (var it = open(1, "panama")) {
            it.awaitLine(1, "panama 1 own, 1 of all");
            it.worker(1).kill().get();
            it.awaitLine(2, "panama 1 own, 2 of all");
        }
    }

    @Test
    void shouldSayWhatTheJdkSays() throws Exception {
        List<String> expected = Natives.messages(directory);
        try (var it = open(1, "messages")) {
            it.awaitLine(1, "messages " + expected);
        }
    }

    @Test
    void shouldLoadBundledLibrariesInEachWorkerAndUnloadThemWithIt() throws Exception {
        boolean own = hasCompiler();
        if (own) {
            compileCounter("counter", "Natives");
        }
        long loaders = 2 + Footprint.loadersOfOthers();
        try (var it = open(2, own ? "library,zstd,sqlite" : "zstd,sqlite")) {
            it.awaitLine(1, "zstd compresses");
            it.awaitLine(1, "sqlite slot 0");
            it.awaitLine(2, "sqlite slot 1");
            it.awaitLine(1, "done");
            for (long id = 3; id <= 22; id++) {
                Exit exit = it.cluster.slot(0).orElseThrow().kill().get();
                assertEquals(List.of(), exit.abandonedThreads());
                it.awaitLine(id, "zstd compresses");
                it.awaitLine(id, "sqlite slot 0");
                it.awaitLine(id, "done");
            }
            await().atMost(Harness.LONG).until(() -> {
                System.gc();
                return Footprint.isolateLoaders() <= loaders;
            });
            assertEquals(0, it.cluster.stats().leakedLoaders());
            assertEquals(2, directoriesOfCopies());
        }
        assertEquals(0, directoriesOfCopies());
    }

    /** Of the workers of this JVM. */
    private static long directoriesOfCopies() throws IOException {
        String prefix = "corral-" + ProcessHandle.current().pid() + "-";
        long directories = 0;
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            for (Path root : all.filter(path -> path.getFileName().toString().startsWith(prefix)).toList()) {
                try (Stream<Path> places = Files.list(root)) {
                    directories += places.filter(path -> path.getFileName().toString().startsWith("natives-")).count();
                }
            }
        }
        return directories;
    }
}
