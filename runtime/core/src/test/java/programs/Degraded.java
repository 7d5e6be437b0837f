package programs;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.Program;
import dev.corral.hotspot.Descriptors;
import dev.corral.hotspot.OsThread;
import dev.corral.hotspot.ThreadCapacity;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Embeds a cluster in a JVM that seems to lack something, and prints what works there. Arguments: class path of the
 * programs, a port.
 */
public final class Degraded {
    private Degraded() {}

    public static void main(String[] args) throws Exception {
        System.out.println("capabilities " + Cluster.capabilities());
        System.out.println("descriptors " + Descriptors.canDuplicate());
        System.out.println("threads of the system " + (OsThread.of(Thread.currentThread()) != null
                || ThreadCapacity.allowed() != Integer.MAX_VALUE));
        Program hello = Program.classPath(List.of(Path.of(args[0])), "programs.Hello", args[1], "virtual");
        var crashed = new CompletableFuture<ClusterEvent.Exited>();
        try (Cluster _ = Cluster.open(hello, config -> config.withWorkers(1).withListener(event -> {
            if (event instanceof ClusterEvent.Exited exited) {
                crashed.complete(exited);
            }
        }))) {
            System.out.println(answer(args[1]));
            String _ = get(args[1], "/exit");
            System.out.println("exited " + crashed.get(1, TimeUnit.MINUTES).exit().code());
            System.out.println(answer(args[1]));
        }
        Capability.internals().forEach(line -> System.out.println("internals: " + line));
        System.out.println("closed");
        System.exit(0); // an abandoned thread of a worker may still run
    }

    /** Returns the first answer. Does not ask whether the worker is ready, which a JVM may not know. */
    private static String answer(String port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (System.nanoTime() < deadline) {
            String answer = get(port, "/");
            if (!answer.isEmpty()) {
                return answer;
            }
            Thread.sleep(10);
        }
        return "no answer";
    }

    /** Returns the body of the answer; an empty text if the worker has exited instead. */
    private static String get(String port, String path) throws IOException {
        try (var socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.lastIndexOf('\n') + 1);
        } catch (SocketException e) {
            return "";
        }
    }
}
