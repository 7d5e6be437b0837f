package dev.corral.bench.compare.peers.program;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.bench.Hello;
import dev.corral.bench.compare.commands.MasterLoop;
import java.nio.file.Path;
import java.time.Duration;

/** The master's program of Corral. Its arguments are the port, and the jar to run in place of {@link Hello}. */
public final class CorralMaster extends MasterLoop {
    private final Program program;
    private Cluster cluster;

    private CorralMaster(Program program) {
        this.program = program;
        cluster = open(HeartbeatPolicy.DEFAULT, MemoryPolicy.DEFAULT);
    }

    private Cluster open(HeartbeatPolicy heartbeat, MemoryPolicy memory) {
        var restarts =
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(Integer.MAX_VALUE, Duration.ofDays(1));
        var stop = StopPolicy.DEFAULT.withDrain(DRAIN);
        return Cluster.open(program, config -> config.withWorkers(0).withRestart(restarts)
                .withHeartbeat(heartbeat).withMemory(memory).withStop(stop)
                .withOutput((_, _, line) -> System.err.println(line))
                .withListener(event -> {
                    switch (event) {
                        case ClusterEvent.Online _ -> isOnline();
                        case ClusterEvent.Listening _ -> isListening();
                        default -> {
                        }
                    }
                }));
    }

    public static void main(String[] args) throws Exception {
        new CorralMaster(args.length == 1 ? Program.main(Hello.class, args[0]) : Program.jar(Path.of(args[1]), args[0]))
                .run();
    }

    @Override
    protected void fork() {
        cluster.fork();
    }

    @Override
    protected void endAll() {
        cluster.disconnect().join();
    }

    @Override
    protected void reload() {
        ReloadResult result = cluster.reload().join();
        if (!(result instanceof ReloadResult.Completed)) {
            throw new IllegalStateException(result.toString());
        }
    }

    @Override
    protected void guard(Duration interval) {
        cluster.close();
        cluster = open(HeartbeatPolicy.every(interval).withMissed(MISSED), MemoryPolicy.DEFAULT);
    }

    @Override
    protected void limit(long bytes) {
        cluster.close();
        cluster = open(HeartbeatPolicy.DEFAULT, MemoryPolicy.DEFAULT.withMaxLive(bytes));
    }

    @Override
    protected void collectInWorkers() {} // the workers have no process of their own
}
