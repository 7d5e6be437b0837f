package programs;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.CorralException;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Embeds clusters in a JVM without any flag, and prints what works there. Arguments: class path of the programs, a
 * port, and "closed" if Corral must not open packages of the JDK.
 */
public final class Bare {
    private Bare() {}

    public static void main(String[] args) throws Exception {
        List<Path> classPath = List.of(Path.of(args[0]));
        Program waiting = Program.classPath(classPath, "programs.Probe", "wait");
        if (args.length > 2) {
            Cluster.open(waiting, config -> config.withWorkers(1).withSelfOpening(false)).close();
        }
        System.out.println("capabilities " + Cluster.capabilities());
        for (Capability capability : Capability.values()) {
            try {
                Cluster.open(waiting, config -> config.withWorkers(1).withRequired(capability)).close();
            } catch (CorralException e) {
                System.out.println("refused " + e.getMessage());
            }
        }
        try {
            Cluster.open(waiting, config -> config.withMemory(MemoryPolicy.DEFAULT.withMaxLive(700 << 20))).close();
        } catch (CorralException e) {
            System.out.println("refused " + e.getMessage());
        }
        int port = Integer.parseInt(args[1]);
        Program server = Program.classPath(classPath, "programs.SocketHello", args[1], "socket", "virtual");
        try (Cluster cluster = Cluster.open(server, 2)) {
            if (!cluster.awaitReady(2, Duration.ofMinutes(1))) {
                throw new IllegalStateException(cluster.stats().toString());
            }
            Map<String, Integer> answers = new TreeMap<>();
            for (int i = 0; i < 20; i++) {
                answers.merge(ask(port), 1, Integer::sum);
            }
            System.out.println("answers " + answers);
            System.out.println("killed " + cluster.slot(0).orElseThrow().kill().get().code());
            System.out.println("ready again " + cluster.awaitReady(2, Duration.ofMinutes(1)));
        }
        System.out.println("closed");
    }

    private static String ask(int port) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write("who\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
        }
    }
}
