package dev.corral.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Program;
import dev.corral.WorkerContext;
import dev.corral.WorkerKilled;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.ProgramCode;
import dev.corral.port.SharedServerSocket;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.environment.Environment;
import dev.corral.redirect.environment.SystemProperties;
import dev.corral.redirect.exit.Exits;
import dev.corral.redirect.exit.FailurePrinter;
import dev.corral.redirect.exit.RecentFailures;
import dev.corral.redirect.exit.UncaughtExceptions;
import dev.corral.redirect.stdio.Output;
import dev.corral.redirect.stdio.OutputPumps;
import dev.corral.redirect.thread.ThreadNames;
import dev.corral.redirect.thread.VirtualThreadMaking;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.Proxy;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Weaves {@link WovenProgram}, {@link WovenCalls}, {@link WovenRunaway} and the classes of common jars, and lets the
 * JVM verify and run the result.
 */
class WeaverTest {
    private final List<Integer> exits = Collections.synchronizedList(new ArrayList<>());
    private final Isolate isolate = new Isolate("test#1", new ProgramCode(Program.main(WovenProgram.class)));

    /** Thrown in place of the end of a worker. */
    private static final class Exited extends Error {
        private static final long serialVersionUID = 1;
    }

    WeaverTest() {
        Exits.Ending ending = (code, _) -> {
            exits.add(code);
            throw new Exited();
        };
        var output = new Output(new OutputPumps("test"), 0, _ -> {}, () -> false);
        var uncaught = new UncaughtExceptions(() -> true,
                new FailurePrinter("test#1", output::err, Thread::getName, new RecentFailures()), _ -> {}, false);
        var parts = new Catalogue.Parts(isolate.name(), isolate.group(), isolate.loader(), 1, new Exits(ending), output,
                new Environment(Map.of("WOVEN", "yes")), new SystemProperties(Map.of("woven", "17")), uncaught,
                new VirtualThreadMaking(Thread::ofVirtual, uncaught), new ThreadNames(isolate.name()));
        isolate.bind(Catalogue.redirectsOf(parts), noContext());
    }

    private static WorkerContext noContext() {
        return (WorkerContext) Proxy.newProxyInstance(WorkerContext.class.getClassLoader(),
                new Class<?>[]{WorkerContext.class}, (_, method, _) -> {
                    throw new UnsupportedOperationException(method.toString());
                });
    }

    private <T> T run(String method) throws Exception {
        return run(WovenProgram.class, method);
    }

    private <T> T call(String method) throws Exception {
        return run(WovenCalls.class, method);
    }

    @SuppressWarnings("unchecked")
    private <T> T run(Class<?> program, String method) throws Exception {
        Class<?> type = isolate.loader().loadClass(program.getName());
        return ((Supplier<T>) type.getMethod(method).invoke(null)).get();
    }

    @Test
    void shouldBeTheIsolatesOwnClass() throws Exception {
        Class<?> type = isolate.loader().loadClass(WovenProgram.class.getName());
        assertTrue(type != WovenProgram.class && type.getClassLoader() == isolate.loader());
        assertEquals("test#1", type.getClassLoader().getName());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loops", "switches", "exceptions", "synchronizedBlocks", "constructors", "lambdas",
            "records",
            "newInBranches", "nestedLoops"})
    void shouldComputeTheSameAsBefore(String method) throws Exception {
        @SuppressWarnings("unchecked")
        var unwoven = (Supplier<Object>) WovenProgram.class.getMethod(method).invoke(null);
        assertEquals(unwoven.get(), run(method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exitByCall", "exitByReference", "exitByRuntime", "exitByBoundReference", "exitByHalt"})
    void shouldSendEveryWayToExitThroughTheGate(String method) {
        assertThrows(Exited.class, () -> call(method));
        assertEquals(List.of(3), exits);
    }

    @ParameterizedTest
    @ValueSource(strings = {"getenvByCall", "getenvByReference", "getenvOfMap"})
    void shouldReadTheWorkersEnvironment(String method) throws Exception {
        assertEquals("yes", call(method));
    }

    @ParameterizedTest
    @ValueSource(strings = {"propertyByCall", "propertyByReference", "propertyByInteger", "propertyOfMap"})
    void shouldReadTheWorkersProperties(String method) throws Exception {
        assertEquals("17", call(method));
    }

    @Test
    void shouldReadStaticFieldsThroughTheGate() throws Exception {
        assertEquals(isolate.redirects().get(Output.class).out(), call("out"));
        assertEquals(isolate.redirects().get(Output.class).err(), call("err"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serverSocket", "serverSocketByReference", "serverSocketSubclass"})
    void shouldSubstituteServerSockets(String method) throws Exception {
        try (AutoCloseable socket = call(method)) {
            assertInstanceOf(SharedServerSocket.class, socket);
        }
    }

    @Test
    void shouldGiveThreadsTheGroupOfTheWorker() throws Exception {
        Map<String, ThreadGroup> groups = call("threads");
        assertEquals(7, groups.size());
        groups.forEach((name, group) -> assertEquals(isolate.group(), group, name));
        assertTrue(groups.keySet().containsAll(List.of("d", "e", "h")), groups.toString());
    }

    @Test
    void shouldKeepLinesVariablesAndParameters() throws Exception {
        for (Class<?> type : List.of(WovenProgram.class, WovenCalls.class)) {
            assertKeepsLinesVariablesAndParameters(type);
        }
    }

    private static void assertKeepsLinesVariablesAndParameters(Class<?> type) throws Exception {
        byte[] original;
        try (var in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            original = in.readAllBytes();
        }
        ClassModel before = ClassFile.of().parse(original);
        ClassModel after = ClassFile.of().parse(Weaver.weave(original, Ancestry.ofJdk()));
        for (int i = 0; i < before.methods().size(); i++) {
            var codeBefore = before.methods().get(i).findAttribute(Attributes.code()).orElseThrow();
            var codeAfter = after.methods().get(i).findAttribute(Attributes.code()).orElseThrow();
            assertEquals(
                    codeBefore.findAttribute(Attributes.lineNumberTable()).orElseThrow().lineNumbers().stream()
                            .map(n -> n.lineNumber()).toList(),
                    codeAfter.findAttribute(Attributes.lineNumberTable()).orElseThrow().lineNumbers().stream()
                            .map(n -> n.lineNumber()).toList());
            assertEquals(
                    codeBefore.findAttribute(Attributes.localVariableTable()).map(t -> t.localVariables().size()),
                    codeAfter.findAttribute(Attributes.localVariableTable()).map(t -> t.localVariables().size()));
            assertEquals(
                    codeBefore.findAttribute(Attributes.stackMapTable()).map(t -> t.entries().size()),
                    codeAfter.findAttribute(Attributes.stackMapTable()).map(t -> t.entries().size()));
        }
    }

    /** The branch of the outer loop reaches its target only as long as the inner loops have no checkpoints. */
    @Test
    void shouldLeaveAClassUnwovenIfCheckpointsMakeABranchTooLong(@TempDir Path directory) throws Exception {
        byte[] original = WideLoop.classFile();
        assertThrows(IllegalArgumentException.class, () -> Weaver.weave(original, Ancestry.ofJdk()));
        Files.write(directory.resolve(WideLoop.NAME + ".class"), original);
        try (var unwoven = new URLClassLoader(new URL[]{directory.toUri().toURL()})) {
            var code = new ProgramCode(Program.classPath(List.of(directory), WideLoop.NAME));
            assertEquals(WideLoop.run(unwoven), WideLoop.run(new Isolate("wide#1", code).loader()));
        }
    }

    /** Code without a checkpoint cannot be stopped. Each kind has its loop or its call in another place. */
    @ParameterizedTest
    @ValueSource(strings = {"while", "count", "counted", "catch", "finally", "fib", "recursion", "do-while", "switch",
            "lambda", "synchronized", "stream", "labels", "static-initialiser", "park"})
    void shouldKillRunawayCode(String kind) throws Exception {
        Class<?> type = isolate.loader().loadClass(WovenRunaway.class.getName());
        var runaway = (Runnable) type.getConstructor(String.class).newInstance(kind);
        var death = new CompletableFuture<Throwable>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                runaway.run();
                death.complete(null);
            } catch (Throwable e) {
                death.complete(e);
            }
        });
        type.getMethod("awaitRunning").invoke(null);
        isolate.condemn();
        thread.interrupt();
        Throwable thrown = death.get(60, TimeUnit.SECONDS);
        while (thrown != null && thrown.getCause() != null) {
            thrown = thrown.getCause(); // of an ExceptionInInitializerError
        }
        assertInstanceOf(WorkerKilled.class, thrown);
        assertTrue(thread.join(Duration.ofSeconds(10)));
        assertThrows(WorkerKilled.class, runaway::run);
    }

    /** The jars are on the class path of the tests. */
    @Test
    void shouldWeaveAllClassesOfRealJarsSoThatTheyVerify() throws Exception {
        int woven = 0;
        int verified = 0;
        List<String> failures = new ArrayList<>();
        for (Class<?> sample : List.of(io.netty.channel.Channel.class, io.netty.buffer.ByteBuf.class,
                io.netty.util.concurrent.EventExecutor.class, kotlin.Unit.class, org.awaitility.Awaitility.class,
                org.jctools.queues.MessagePassingQueue.class, com.tngtech.archunit.ArchConfiguration.class,
                org.junit.jupiter.api.Test.class)) {
            Path jar = jarOf(sample);
            var code = new ProgramCode(Program.main(WovenProgram.class));
            var loader = new Isolate("jar#" + woven, code).loader();
            try (var file = new JarFile(jar.toFile())) {
                for (var entry : Collections.list(file.entries())) {
                    String name = entry.getName();
                    if (!name.endsWith(".class") || name.startsWith("META-INF/") || name.endsWith("-info.class")) {
                        continue;
                    }
                    try (var in = file.getInputStream(entry)) {
                        Weaver.weave(in.readAllBytes(), Ancestry.ofJdk());
                        woven++;
                    } catch (RuntimeException e) {
                        failures.add(jar.getFileName() + " " + name + ": " + e);
                        continue;
                    }
                    try {
                        Class<?> type =
                                Class.forName(name.substring(0, name.length() - 6).replace('/', '.'), false, loader);
                        type.getDeclaredMethods(); // HotSpot links the class for this call, and verifies it first
                        verified++;
                    } catch (NoClassDefFoundError | ClassNotFoundException | IncompatibleClassChangeError e) {
                        // an optional dependency is absent, as it would be without weaving
                    } catch (VerifyError e) {
                        failures.add(jar.getFileName() + " " + name + ": " + e);
                    }
                }
            }
        }
        assertEquals(List.of(), failures);
        assertTrue(woven > 4000 && verified > woven / 2, woven + " woven, " + verified + " verified");
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException, IOException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
