package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.MalformedURLException;
import java.net.URI;
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

/** Effects that a JVM has once: one worker has them, and neither the next one nor the embedding program sees any of it. */
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
    void shouldKeepUrlHandlersToTheirWorker() {
        assertSeen("url-handler", "content of effect:it", "unknown protocol: effect");
        assertThrows(MalformedURLException.class, () -> URI.create("effect:it").toURL());
    }

    @Test
    void shouldKeepSerialFiltersToTheirWorker() {
        assertSeen("serial-filter", "rejected", "[element]");
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
}
