package programs;

import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Embeds a cluster of {@link Innocent}, whose arguments it is given, and prints its events until its standard input
 * ends. System properties: {@code workers}, {@code heartbeat} and {@code start} (the deadline) in milliseconds,
 * {@code debugged} (whether verdicts are passed under a debugger), {@code serving} (how long a server may accept
 * nobody, in milliseconds; 0: for ever), {@code pressure} (share of the heap in use at which it is short; 1: never),
 * {@code spinners} (threads of the JVM's own that burn CPU), {@code code} (the class path).
 */
public final class Watched {
    private Watched() {}

    public static void main(String[] args) throws IOException {
        List<Path> code = Arrays.stream(System.getProperty("code").split(File.pathSeparator)).map(Path::of).toList();
        HeartbeatPolicy heartbeat = HeartbeatPolicy.every(Duration.ofMillis(Integer.getInteger("heartbeat")))
                .withStartDeadline(Duration.ofMillis(Integer.getInteger("start", 60_000)))
                .withUnderDebugger(Boolean.getBoolean("debugged"))
                .withNotServing(Duration.ofMillis(Integer.getInteger("serving", 0)));
        MemoryPolicy memory =
                MemoryPolicy.DEFAULT.withHeapPressure(Double.parseDouble(System.getProperty("pressure", "0.85")));
        for (int i = 0; i < Integer.getInteger("spinners", 0); i++) {
            Thread.ofPlatform().daemon().name("spinner-" + i).start(Watched::spin);
        }
        try (Cluster _ = Cluster.open(Program.classPath(code, Innocent.class.getName(), args),
                config -> config.withWorkers(Integer.getInteger("workers", 1)).withHeartbeat(heartbeat)
                        .withMemory(memory)
                        .withListener(Watched::print)
                        .withOutput((worker, _, line) -> System.out.println("worker " + worker.id() + ": " + line)))) {
            System.in.readAllBytes();
        }
    }

    private static void spin() {
        long x = 1;
        while (x != 0) {
            x = x * 31 | 1;
        }
    }

    private static void print(ClusterEvent event) {
        System.out.println(switch (event) {
            case ClusterEvent.Ready ready -> "Ready " + ready.worker().id();
            case ClusterEvent.HeartbeatMissed missed ->
                    "HeartbeatMissed " + missed.worker().id() + " " + missed.missed();
            case ClusterEvent.BecameZombie zombie -> "BecameZombie " + zombie.worker().id() + " " + zombie.autopsy();
            case ClusterEvent.Exited exited -> "Exited " + exited.worker().id() + " " + exited.exit();
            default -> event.getClass().getSimpleName();
        });
    }
}
