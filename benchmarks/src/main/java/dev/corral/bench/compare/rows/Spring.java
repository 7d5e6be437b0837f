package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.machine.Processes;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.Copies;
import dev.corral.bench.compare.peers.Peers;
import dev.corral.bench.compare.peers.RunsJars;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import dev.corral.bench.compare.report.Spread;
import dev.corral.bench.compare.report.Target.AtMostTimesPeer;
import dev.corral.bench.compare.report.Unit;
import dev.corral.testing.HttpConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory of copies of a large server, and the time until they answer. */
final class Spring implements Row {
    private static final List<Integer> COUNTS = List.of(1, 2, 4, 8, 16);
    private static final int HEAP_MIB = 256;
    private static final int REQUESTS_ON_A_CONNECTION = 50;

    private final Figure first = new Figure("first copy", Unit.MILLIS, new AtMostTimesPeer(1.3, Peers.JAVA_PROCESSES));
    private final Figure further =
            new Figure("each further copy", Unit.MILLIS, new AtMostTimesPeer(1, Peers.JAVA_PROCESSES));
    private final Figure firstCpu = new Figure("first copy, CPU", Unit.MILLIS);
    private final Figure furtherCpu = new Figure("each further copy, CPU", Unit.MILLIS);
    private final Map<Integer, Figure> totals = new LinkedHashMap<>();
    private final Map<Integer, Figure> memories = new LinkedHashMap<>();

    Spring() {
        for (int n : COUNTS) {
            if (n > 1) {
                totals.put(n, new Figure("all " + n + ", one by one", Unit.MILLIS));
            }
            memories.put(n, n == 8
                    ? new Figure("memory of 8", Unit.MIB, new AtMostTimesPeer(0.4, Peers.JAVA_PROCESSES))
                    : new Figure("memory of " + n, Unit.MIB));
        }
    }

    @Override
    public String id() {
        return "spring";
    }

    @Override
    public String title() {
        return "Copies of a Spring Boot program";
    }

    @Override
    public String method(Effort effort) {
        int most = most(effort);
        return "The program `runtime/compat/spring` (Tomcat, Hikari, H2, Flyway, Actuator, JMX), unmodified: as workers of one"
                + " JVM, and as the same number of processes `java -jar`, each on its own port. The heap may grow to"
                + " the same size in both: each process has -Xmx" + HEAP_MIB + "m, and Corral's JVM has -Xmx"
                + most * HEAP_MIB + "m, which is " + most + " times as much. Copies are started one after another, each"
                + " when the previous one has answered. *Time*: by the client's clock, from the start of the JVM (for"
                + " Corral's further copies: from the fork) until the new copy has answered `GET /` with 200; for *each"
                + " further copy* the median of the round. *CPU*: the processor time that these JVMs used until then."
                + " It is more reliable than the time if other programs use the machine. *Memory*: the proportional"
                + " set size (/proc/PID/smaps_rollup) of all these JVMs, after each copy has served another "
                + connections(effort) * REQUESTS_ON_A_CONNECTION
                + " requests and each JVM has collected its garbage twice"
                + " (`jcmd PID GC.run`). Corral's figure includes the master. The processes have no master.";
    }

    @Override
    public List<Figure> figures() {
        var figures = new ArrayList<>(List.of(first, further, firstCpu, furtherCpu));
        figures.addAll(totals.values());
        figures.addAll(memories.values());
        return figures;
    }

    @Override
    public int rounds(Effort effort) {
        return effort.of(1, 3);
    }

    @Override
    public Duration budget(Effort effort) {
        return Duration.ofMinutes(effort.of(2, 10));
    }

    private static int most(Effort effort) {
        return effort.of(8, 16);
    }

    private static int connections(Effort effort) {
        return effort.of(4, 10);
    }

    @Override
    public Optional<String> reference() {
        return Optional.of(Peers.JAVA_PROCESSES);
    }

    @Override
    public Optional<String> missing(Place place) {
        if (!Files.exists(jar(place))) {
            return Optional.of(jar(place) + " is not built");
        }
        return Processes.missingMemory();
    }

    private static Path jar(Place place) {
        return place.root().resolve("runtime/compat/spring/target/program-spring.jar");
    }

    @Override
    public boolean suits(Contender contender) {
        return contender instanceof RunsJars;
    }

    @Override
    public Session open(Contender contender, Place place, Effort effort) {
        return () -> {
            try (Copies copies = ((RunsJars) contender).copies(place, jar(place), HEAP_MIB, most(effort))) {
                return measure(copies, place, effort);
            }
        };
    }

    private Map<Figure, Double> measure(Copies copies, Place place, Effort effort)
            throws IOException, InterruptedException {
        var figures = new HashMap<Figure, Double>();
        var times = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int n = 1; n <= most(effort); n++) {
            double cpuBefore = Processes.cpuMillis(copies.processes());
            long start = System.nanoTime();
            copies.startOne();
            times.add((System.nanoTime() - start) / 1e6);
            cpu.add(Processes.cpuMillis(copies.processes()) - cpuBefore);
            if (COUNTS.contains(n)) {
                ask(copies, n * connections(effort));
                figures.put(memories.get(n), settledMib(copies, place));
                if (n > 1) {
                    figures.put(totals.get(n), times.stream().mapToDouble(Double::doubleValue).sum());
                }
            }
        }
        figures.put(first, times.getFirst());
        figures.put(further, Spread.median(times.subList(1, times.size())));
        figures.put(firstCpu, cpu.getFirst());
        figures.put(furtherCpu, Spread.median(cpu.subList(1, cpu.size())));
        return figures;
    }

    private static void ask(Copies copies, int connections) throws IOException {
        List<Integer> ports = copies.ports();
        for (int i = 0; i < connections; i++) {
            try (var connection = new HttpConnection(ports.get(i % ports.size()))) {
                for (int request = 0; request < REQUESTS_ON_A_CONNECTION; request++) {
                    connection.ask("/");
                }
            }
        }
    }

    /**
     * Returns the memory after two collections. The second one frees what the first one has made unreachable, after
     * cleaners have run.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    private static double settledMib(Copies copies, Place place) throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            for (ProcessHandle process : copies.processes().toList()) {
                Processes.collect(process, place);
            }
        }
        return Processes.pssKib(copies.processes()) / 1024.0;
    }
}
