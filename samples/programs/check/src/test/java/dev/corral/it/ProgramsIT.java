package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that know nothing of Corral, from their jars, four copies each. */
class ProgramsIT {
    private static final int REQUESTS = Integer.getInteger("corral.requests", 4_000);
    private static final int CLIENTS = 8;

    private static Program program(String name, int port) {
        Path jar = Path.of("..", name, "target", "program-" + name + ".jar");
        assertTrue(Files.exists(jar), jar + " is not built");
        return Program.jar(jar, Integer.toString(port));
    }

    private static Harness fourCopiesOf(String name, int port) throws InterruptedException {
        var restarts = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(1000, Duration.ofHours(1));
        var it = new Harness(program(name, port), config -> config.withWorkers(4).withRestart(restarts));
        it.awaitReady(4);
        return it;
    }

    @ParameterizedTest
    @ValueSource(strings = {"netty", "jetty", "tomcat", "helidon", "undertow", "robaho", "spring", "logback", "log4j2",
            "kotlin", "natives"})
    void shouldShareThePortInExactRoundRobinAndEndWithoutATrace(String name) throws Exception {
        int port = Harness.freePort();
        try (var it = fourCopiesOf(name, port)) {
            assertEquals(Map.of(1, 25, 2, 25, 3, 25, 4, 25), Client.count(100, () -> Client.ask(port)));

            Map<Integer, Integer> fresh = Load.newConnections(port, CLIENTS, REQUESTS / 4 / CLIENTS);
            int least = fresh.values().stream().min(Integer::compare).orElseThrow();
            int most = fresh.values().stream().max(Integer::compare).orElseThrow();
            assertTrue(fresh.size() == 4 && most - least <= 1, fresh.toString());

            Map<Integer, Integer> kept = Load.keepAlive(port, CLIENTS, REQUESTS / CLIENTS);
            assertEquals(Set.of(1, 2, 3, 4), kept.keySet());
            assertEquals(REQUESTS, kept.values().stream().mapToInt(Integer::intValue).sum());

            Exit killed = it.worker(2).kill().get();
            assertEquals(List.of(), killed.abandonedThreads());
            it.awaitReady(4);
            assertEquals(Map.of(1, 25, 3, 25, 4, 25, 5, 25), Client.count(100, () -> Client.ask(port)));

            for (Worker worker : it.cluster.workers()) {
                Exit exit = worker.disconnect().get();
                assertEquals(0, exit.code(), exit.toString());
                assertEquals(List.of(), exit.abandonedThreads());
            }
            await().until(() -> {
                System.gc();
                return isolateLoaders() == 0;
            });
            assertEquals(0, it.cluster.stats().leakedLoaders());
        }
    }

    /** Class loaders of workers that the JVM has. */
    private static long isolateLoaders() throws Exception {
        String stats = (String) java.lang.management.ManagementFactory.getPlatformMBeanServer().invoke(
                new javax.management.ObjectName("com.sun.management:type=DiagnosticCommand"), "vmClassloaderStats",
                new Object[0], new String[0]);
        return stats.lines().filter(line -> line.contains("IsolateLoader")).count();
    }
}
