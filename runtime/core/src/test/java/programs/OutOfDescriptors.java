package programs;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ClusterStats;
import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.RestartPolicy;
import dev.corral.StopPolicy;
import dev.corral.Worker;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Embeds Corral in a JVM with a low limit of open files. Uses all of them up but for some, has everything happen to a
 * cluster that needs descriptors, gives them back, and checks that the cluster works as before. Arguments: the
 * directory with the classes of {@link Reads}, and for each round how many descriptors are left. Prints "works again"
 * for each round.
 */
public final class OutOfDescriptors {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int WORKERS = 2;
    private static final int CLIENTS = 4;
    /** Ends that the lack of descriptors causes; more than the restarts that the policy allows. */
    private static final int ENDS = 4;

    private final Program program;
    private final int port;
    private final Queue<Exit> exits = new ConcurrentLinkedQueue<>();
    /** What cannot be opened any more is in the way of the check. */
    private final List<Closeable> files = new ArrayList<>();

    private OutOfDescriptors(Path classes) throws IOException {
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        program = Program.classPath(List.of(classes), "programs.Reads", Integer.toString(port), "socket");
    }

    public static void main(String[] args) throws Exception {
        var all = new OutOfDescriptors(Path.of(args[0]));
        for (String left : List.of(args).subList(1, args.length)) {
            all.round(Integer.parseInt(left));
            System.out.println("works again: " + left);
        }
        all.closeWithoutDescriptors();
        System.out.println("closed");
    }

    /** No client waits, so the ports have nothing to wait for, and the drain need not last until its deadline. */
    private void closeWithoutDescriptors() throws InterruptedException {
        var policy = StopPolicy.DEFAULT.withDrain(Duration.ofHours(1));
        try (Cluster cluster = Cluster.open(program, config -> configure(config).withStop(policy))) {
            check(cluster.awaitReady(WORKERS, LONG), () -> "ready: " + cluster.stats());
            useUp(0);
        } finally {
            giveBack();
        }
    }

    private void round(int left) throws Exception {
        exits.clear();
        try (Cluster cluster = Cluster.open(program, this::configure)) {
            check(cluster.awaitReady(WORKERS, LONG), () -> "ready: " + cluster.stats());
            List<Socket> clients = clients();
            CompletableFuture<ReloadResult> reload = null;
            try {
                useUp(left);
                Worker first = cluster.workers().getFirst();
                check(first.kill().get(LONG.toSeconds(), TimeUnit.SECONDS).code() == 137, () -> "killed");
                for (Socket client : clients) {
                    client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                }
                if (left == 0) {
                    await(() -> exits.size() >= ENDS, () -> "tried again: " + exits);
                }
                reload = reload(cluster);
            } finally {
                giveBack();
            }
            for (Socket client : clients) {
                answer(client);
            }
            if (reload != null) {
                reload.get(LONG.toSeconds(), TimeUnit.SECONDS); // whichever way it ends
            }
            checkWorks(cluster);
        }
        new ServerSocket(port).close();
    }

    /** Null if it was refused, because the code cannot be copied. */
    private static CompletableFuture<ReloadResult> reload(Cluster cluster) {
        try {
            return cluster.reload();
        } catch (CorralException e) {
            return null;
        }
    }

    private ClusterConfig configure(ClusterConfig config) {
        return config.withName("scarce").withWorkers(WORKERS)
                .withRestart(RestartPolicy.DEFAULT.withIntensity(2, Duration.ofHours(1))
                        .withBackoff(Backoff.fixed(Duration.ofMillis(50))))
                .withListener(event -> {
                    if (event instanceof ClusterEvent.Exited exited) {
                        exits.add(exited.exit());
                    }
                });
    }

    /** They have their descriptors already. */
    private static List<Socket> clients() throws IOException {
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            var client = new Socket();
            client.bind(null);
            clients.add(client);
        }
        return clients;
    }

    private void checkWorks(Cluster cluster) throws Exception {
        check(cluster.awaitReady(WORKERS, LONG), () -> "ready again: " + cluster.stats());
        check(cluster.reload().get(LONG.toSeconds(), TimeUnit.SECONDS) instanceof ReloadResult.Completed,
                () -> "reloaded");
        answer(new Socket(InetAddress.getLoopbackAddress(), port));
        cluster.workers().getLast().kill().get(LONG.toSeconds(), TimeUnit.SECONDS);
        check(cluster.awaitReady(WORKERS, LONG), () -> "ready at last: " + cluster.stats());
        answer(new Socket(InetAddress.getLoopbackAddress(), port));
        await(() -> cluster.stats().isLive(), () -> cluster.stats().toString());
        ClusterStats stats = cluster.stats();
        check(stats.gaveUp() == 0 && stats.workers().size() == WORKERS && stats.abandonedThreads() == 0,
                stats::toString);
    }

    private void useUp(int left) {
        try {
            while (true) {
                files.add(Files.newInputStream(Path.of("/dev/null")));
            }
        } catch (IOException e) {
            for (int i = 0; i < left; i++) {
                close(files.removeLast());
            }
        }
    }

    private void giveBack() {
        files.forEach(OutOfDescriptors::close);
        files.clear();
    }

    private static void close(Closeable file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void answer(Socket client) throws IOException {
        try (client) {
            client.setSoTimeout((int) LONG.toMillis());
            client.getOutputStream().write('\n');
            String line = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            check(line != null && Long.parseLong(line) > 0, () -> "answered: " + line);
        }
    }

    private static void await(BooleanSupplier condition, Supplier<String> text) throws InterruptedException {
        var never = new CountDownLatch(1);
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            check(System.nanoTime() - start < LONG.toNanos(), text);
            boolean _ = never.await(1, TimeUnit.MILLISECONDS);
        }
    }

    private static void check(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new AssertionError(what.get());
        }
    }
}
