package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ClusterEvent;
import dev.corral.testing.Harness;
import dev.corral.testing.Requests;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import programs.NamesThreads;

/** The names of a worker's threads: the tools of the JVM see the worker in them, the program does not. */
class ThreadNamesIT {
    private static final String WORKER = "it#1/";

    private static Set<String> namesInADump() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }

    @Test
    void shouldShowTheWorkerInThreadDumpsAndTheProgramItsOwnNames() throws Exception {
        try (var it = new Harness(Harness.program(NamesThreads.class.getSimpleName()), config -> config)) {
            it.awaitReady(1);
            int port = it.of(ClusterEvent.Listening.class).getFirst().address().getPort();
            assertEquals("pool", Requests.get(port, "/"));
            for (String seen : List.of("main main", "reference main", "inherited own-thread", "renamed renamed",
                    "deep deep", "inherited deep", "virtual virtual", "listed HTTP-Dispatcher")) {
                it.awaitLine(1, seen);
            }
            it.awaitLine(1, line -> line.equals("other deep") || line.equals("other renamed"));
            await().until(() -> namesInADump().containsAll(
                    List.of(WORKER + "HTTP-Dispatcher", WORKER + "pool", WORKER + "renamed", WORKER + "main")));
            assertEquals("pool", Requests.get(port, "/"));
        }
    }
}
