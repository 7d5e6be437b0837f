package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.testing.Harness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import programs.Defaults;
import programs.Naming;

/**
 * Effects that a JVM has once: one worker has them, and neither the next one nor the embedding program sees any of it.
 */
class EffectsIT {
    /** The worker of slot 0 first, then that of slot 1. */
    private static void assertSeen(String effect, String ofFirst, String ofSecond) {
        try (var it = open(effect)) {
            assertSeen(it, ofFirst, ofSecond);
        }
    }

    private static Harness open(String effect) {
        return new Harness(Harness.program("Effects", effect), config -> config.withWorkers(0));
    }

    private static void assertSeen(Harness it, String ofFirst, String ofSecond) {
        assertEquals("sees " + ofFirst, seenBy(it, 1));
        assertEquals("sees " + ofSecond, seenBy(it, 2));
    }

    private static String seenBy(Harness it, long worker) {
        it.cluster.fork();
        return it.awaitLine(worker, line -> line.startsWith("sees "));
    }

    @Test
    void shouldKeepLogHandlersToTheirWorker() {
        var before = List.of(Logger.getLogger("").getHandlers());
        try (var it = open("log-handler")) {
            assertSeen(it, "2 handlers [INFO some.name something, WARNING global global]", "1 handlers []");
            assertEquals(before, List.of(Logger.getLogger("").getHandlers()));
            await().until(() -> it.lines.containsAll(List.of("1 E INFO: something", "2 E INFO: something")));
        }
    }

    @Test
    void shouldKeepLogLevelsToTheirWorker() {
        assertSeen("log-level", "true level", "false level");
        assertFalse(Logger.getLogger("level.child").isLoggable(Level.FINE));
    }

    @Test
    void shouldReadALogConfigurationForOneWorker() {
        assertSeen("log-configuration", "FINE [FINE some.name fine]", "null []");
        assertNull(LogManager.getLogManager().getProperty("some.level"));
    }

    @Test
    void shouldLetSystemLoggersLogWhereTheirWorkerDoes() {
        assertSeen("system-logger", "[SEVERE system failed]", "[]");
    }

    @Test
    void shouldLeaveNoShutdownHookOfALogManager() throws Exception {
        try (var it = open("log-level")) {
            seenBy(it, 1);
            assertEquals(1, logManagerHooks()); // the JVM's own
        }
    }

    private static long logManagerHooks() throws Exception {
        var hooks = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
        hooks.setAccessible(true);
        return ((Map<?, ?>) hooks.get(null)).keySet().stream()
                .filter(hook -> hook.getClass().getName().equals("java.util.logging.LogManager$Cleaner")).count();
    }

    @Test
    void shouldFindTheBundlesOfALoaderOfTheProgram() {
        assertSeen("bundle-of-child", "of the child", "of the child");
    }

    @Test
    void shouldKeepUrlHandlersToTheirWorker() {
        assertSeen("url-handler", "content of effect:it", "unknown protocol: effect");
        assertThrows(MalformedURLException.class, () -> URI.create("effect:it").toURL());
    }

    @Test
    void shouldKeepSerialFiltersToTheirWorker() {
        assertSeen("serial-filter", "rejected", "[element]");
    }

    @Test
    void shouldKeepNamingBuildersToTheirWorker() throws Exception {
        String none = "NoInitialContextException, ";
        String without = "false, " + none + "InvalidNameException, " + none.repeat(6) + "i, j"; // of the URL, by the JDK
        assertSeen("naming-builders",
                "true, a built, ldap://? built, c built, d built, e built, f built, g built, h built, object of i, "
                        + "object of j, IllegalStateException IllegalStateException",
                without + ", set set");
        assertEquals(without, Naming.builders(false));
    }

    @Test
    void shouldFindNamesByThePropertiesOfTheWorker() {
        assertSeen("naming-property", "a at here, a at there",
                "NoInitialContextException, NoInitialContextException");
    }

    @Test
    void shouldGiveEachWorkerMBeansByTheSameName() throws Exception {
        try (var it = open("mbean")) {
            assertSeen(it, "false 0 true", "false 1 true");
            assertEquals(Map.of("it#1", "0", "it#2", "1"), slotsByWorker());
        }
        assertEquals(Map.of(), slotsByWorker());
    }

    /** What the beans that workers have registered tell, by the worker's name. */
    private static Map<String, String> slotsByWorker() throws Exception {
        var platform = ManagementFactory.getPlatformMBeanServer();
        Map<String, String> slots = new HashMap<>();
        for (ObjectName name : platform.queryNames(new ObjectName("programs:*"), null)) {
            slots.put(ObjectName.unquote(name.getKeyProperty("worker")),
                    (String) platform.getAttribute(name, "Slot"));
        }
        return slots;
    }

    @Test
    void shouldKeepSecurityProvidersToTheirWorker() {
        try (var it = open("security-provider")) {
            assertSeen(it, "42 true", "OWN MessageDigest not available");
            assertEquals(List.of("added", "asked last", "Own", "Own"), it.linesOf(1).subList(0, 4));
            assertNull(Security.getProvider("Own"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            authenticator      | 200 inside
            proxy-selector     | answer to http://127.0.0.1:1/ answer to http://127.0.0.1:1/
            cookie-handler     | null id=1 true
            response-cache     | known
            follow-redirects   | 302 false
            tls-context        | true true 1.2 1.2
            https              | true true true true
            time-zone          | Asia/Kathmandu Asia/Kathmandu Asia/Kathmandu Asia/Kathmandu 05:30 05:30 Asia/Kathmandu
            time-zone-property | [09:00, 05:30] Asia/Kathmandu
            locale             | tr_TR 1,5 2,5 3,5 4,5 \u0131 \u0130 5,5 %600 Ocak 1 Ocak 1970 Almanca
            locale-category    | 1,5 i German tr
            locale-bundle      | kelime true
            """)
    void shouldKeepADefaultToItsWorker(String effect, String ofFirst) throws Exception {
        HttpServer server = answering();
        try {
            int port = server.getAddress().getPort();
            String before = Defaults.see(effect, port, false);
            assertNotEquals(ofFirst, before);
            System.gc();
            long loaders = NothingLeftIT.liveLoaders();
            try (var it = new Harness(Harness.program("Defaults", effect, Integer.toString(port)),
                    config -> config.withWorkers(0))) {
                assertSeen(it, ofFirst, before);
                assertEquals(before, Defaults.see(effect, port, false));
            }
            assertEquals(before, Defaults.see(effect, port, false));
            await().until(() -> {
                System.gc();
                return NothingLeftIT.liveLoaders() <= loaders;
            });
        } finally {
            server.stop(0);
        }
    }

    /** Shows what a request came with. */
    private static HttpServer answering() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> answer(exchange, 200, "answer to " + exchange.getRequestURI()));
        server.createContext("/secret", exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"secret\"");
            answer(exchange, exchange.getRequestHeaders().containsKey("Authorization") ? 200 : 401, "");
        });
        server.createContext("/cookie", exchange -> {
            exchange.getResponseHeaders().set("Set-Cookie", "id=1");
            answer(exchange, 200, exchange.getRequestHeaders().getFirst("Cookie"));
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/");
            answer(exchange, 302, "");
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The defaults of the JVM are what they were, not only as they were. */
    @Test
    void shouldPutTheDefaultsBackWithTheLastWorkerThatSetOne() throws Exception {
        Authenticator authenticator = Authenticator.getDefault();
        ProxySelector proxies = ProxySelector.getDefault();
        try (var it = new Harness(Harness.program("Effects", "network-defaults"), // a new worker would set them again
                config -> config.withWorkers(0).withRestart(RestartPolicy.NEVER))) {
            assertSeen(it, "set", "not set");
            assertNotSame(proxies, ProxySelector.getDefault());
            it.worker(2).kill().get();
            assertNotSame(authenticator, Authenticator.getDefault());
            it.worker(1).kill().get();
            assertSame(authenticator, Authenticator.getDefault());
            assertSame(proxies, ProxySelector.getDefault());
        }
    }

    @Test
    void shouldLetNoWorkerTakeInputFromTheEmbeddingProgram() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("for the embedding program".getBytes(StandardCharsets.UTF_8)));
        try (var it = new Harness(Harness.program("Defaults", "input", "0"), config -> config.withWorkers(0))) {
            assertSeen(it, "a line, -1, null", "null, -1, null");
            assertEquals("for the embedding program",
                    new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void shouldGiveEachWorkerACommonPool() {
        int parallelism = ForkJoinPool.commonPool().getParallelism();
        assertSeen("common-pool", "5 ForkJoinPool.commonPool-worker-1 true it#1 true",
                "1 ForkJoinPool.commonPool-worker-1 true it#2 true");
        assertEquals(parallelism, ForkJoinPool.commonPool().getParallelism());
    }

    @Test
    void shouldLetNoWorkerFillTheCommonPoolOfOthers() throws Exception {
        try (var it = open("busy-common-pool")) {
            assertSeen(it, "no end", "it run");
            assertEquals("it run", CompletableFuture.supplyAsync(() -> "it run").get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldRunTheAsynchronousStagesOfEveryFutureInTheWorkersPool() {
        assertSeen("stages", "{}", "{}");
    }

    @Test
    void shouldTellAsManyProcessorsAsThereAreCarriers() {
        int processors = Runtime.getRuntime().availableProcessors();
        int carriers = processors + 1;
        try (var it = new Harness(Harness.program("Effects", "processors"),
                config -> config.withWorkers(0).withCarriers(carriers))) {
            assertSeen(it, carriers + " " + carriers, carriers + " " + carriers);
        }
        assertEquals(processors, Runtime.getRuntime().availableProcessors());
    }

    @Test
    void shouldKeepJdbcDriversToTheirWorker() {
        var log = new StringWriter(); // the JVM's own manager hides from us what it has of a worker, but not that it has it
        DriverManager.setLogWriter(new PrintWriter(log));
        try {
            assertSeen("jdbc-driver", "of someone, refused, 1, 0", "No suitable driver found for tiny:it 08001, 0");
        } finally {
            DriverManager.setLogWriter(null);
        }
        assertFalse(log.toString().contains("registerDriver"), log.toString());
    }

    @Test
    void shouldKeepSettingsOfTheDriverManagerToTheirWorker() {
        assertSeen("jdbc-settings", "7 true Optional[logged]", "0 false Optional.empty");
        assertEquals(0, DriverManager.getLoginTimeout());
        assertNull(DriverManager.getLogWriter());
    }

    @Test
    void shouldLoadTheDriversThatAWorkersPropertyNames() {
        assertSeen("jdbc-property", "[TinyDriver]", "[]");
    }

    @Test
    void shouldGiveEachWorkerADatabaseByTheSameName() throws Exception {
        var program = Program.classPath(List.of(Harness.testClasses(), Harness.jarOf(org.h2.Driver.class)),
                "programs.Effects", "h2");
        try (var it = new Harness(program, config -> config.withWorkers(0))) {
            assertSeen(it, "org.h2.Driver MINE", "org.h2.Driver nothing");
        }
    }

    @Test
    void shouldGiveEachWorkerAFileSystemOfTheSameZip(@TempDir Path directory) throws Exception {
        Path zip = directory.resolve("some.zip");
        URI uri = URI.create("jar:" + zip.toUri());
        try (var made = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
            Files.writeString(made.getPath("word"), "of the zip");
        }
        try (var own = FileSystems.newFileSystem(uri, Map.of());
                var it = new Harness(Harness.program("Effects", "zip", zip.toString()),
                        config -> config.withWorkers(0).withRestart(RestartPolicy.NEVER))) { // one that follows would open it too
            String seen = "true FileSystemAlreadyExistsException FileSystemNotFoundException NoSuchFileException "
                    + "of the zip";
            assertSeen(it, seen, seen);
            assertEquals(2, descriptorsOf(zip) - 1);
            it.worker(1).kill().get();
            assertEquals(1, descriptorsOf(zip) - 1);
            assertSame(own, FileSystems.getFileSystem(uri));
        }
        assertEquals(0, descriptorsOf(zip));
    }

    /** How often this JVM has the file open. */
    private static long descriptorsOf(Path file) throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            Path real = file.toRealPath();
            return descriptors.filter(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(real);
                } catch (IOException e) { // of the directory that is being listed
                    return false;
                }
            }).count();
        }
    }

    @Test
    void shouldDeleteOnTheExitOfTheWorker(@TempDir Path directory) throws Exception {
        try (var it = new Harness(Harness.program("Effects", "delete-on-exit", directory.toString()),
                config -> config.withWorkers(0))) {
            assertSeen(it, "made", "made");
            it.worker(1).kill().get();
            assertFalse(Files.exists(directory.resolve("0")));
            assertTrue(Files.exists(directory.resolve("1/file")));
        }
        assertFalse(Files.exists(directory.resolve("1")));
    }
}
