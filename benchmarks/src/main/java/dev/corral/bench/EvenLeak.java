package dev.corral.bench;

import dev.corral.Backoff;
import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.MemoryPolicy;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.samples.Leaky;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures what other requests notice while all workers leak. The sample {@code leaky} runs in four workers that may
 * keep 60 MB each, in a heap of 512 MB. 25 requests per second keep 4 MB each for ever, in blocks of 1 MB, whether or
 * not earlier ones were answered. At the same time two clients send other requests, one after another. The arguments
 * are collectors; the cluster runs in a separate JVM for each.
 */
public final class EvenLeak {
    private static final List<String> COLLECTORS = List.of("G1", "Serial", "Parallel", "Z", "Shenandoah");
    private static final int WORKERS = 4;
    private static final int OTHERS = 2;
    private static final long LEAK_NANOS = 1_000_000_000 / 25;
    private static final long OTHERS_MILLIS = 20;
    private static final int LEAK_PATIENCE_MILLIS = 10_000;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final double LONG_MILLIS = 2_000;

    private final int port;
    private final long endNanos;
    private final List<Double> millis = Collections.synchronizedList(new ArrayList<>());
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger leaked = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private EvenLeak(int port, long seconds) {
        this.port = port;
        this.endNanos = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("only")) {
            serve(Integer.parseInt(args[1]));
            return;
        }
        long seconds = args.length == 0 ? 60 : Long.parseLong(args[0]);
        List<String> collectors = args.length < 2 ? COLLECTORS : List.of(args).subList(1, args.length);
        for (String collector : collectors) {
            measure(collector, seconds);
        }
    }

    private static void measure(String collector, long seconds) throws Exception {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Xmx512m", "-XX:+Use" + collector + "GC", "-cp",
                System.getProperty("java.class.path"), EvenLeak.class.getName(), "only", Integer.toString(port)));
        Process cluster = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = cluster.getInputStream()) {
            int ready = output.read(); // written when all workers are ready
            if (ready != '\n') {
                throw new IllegalStateException("the cluster has not started: " + new String(output.readAllBytes(),
                        StandardCharsets.UTF_8));
            }
            var run = new EvenLeak(port, seconds);
            run.ask();
            cluster.getOutputStream().close(); // ends the cluster
            if (!cluster.waitFor(Duration.ofMinutes(1))) {
                System.out.println("the cluster did not end by itself within a minute");
                cluster.destroyForcibly().waitFor();
            }
            System.out.printf("%-10s %s%n", collector, run.figures());
            System.out
                    .println("           exits: " + new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    private void ask() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            threads.add(Thread.ofPlatform().start(this::askForOthers));
        }
        for (long next = System.nanoTime(); next < endNanos; next += LEAK_NANOS) {
            Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
            threads.add(Thread.ofVirtual().start(this::leak));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void leak() {
        try {
            get("/leak?mb=4&size=" + (1 << 20), LEAK_PATIENCE_MILLIS);
            leaked.incrementAndGet();
        } catch (IOException e) {
            refused.incrementAndGet();
        }
    }

    private void askForOthers() {
        while (System.nanoTime() < endNanos) {
            long start = System.nanoTime();
            try {
                get("/hello", PATIENCE_MILLIS);
                millis.add((System.nanoTime() - start) / 1e6);
                Thread.sleep(OTHERS_MILLIS);
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void get(String path, int patienceMillis) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
            socket.setSoTimeout(patienceMillis);
            socket.getOutputStream().write(("GET " + path + " HTTP/1.0\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException("no answer but: " + answer.lines().findFirst().orElse(""));
            }
        }
    }

    private String figures() {
        List<Double> sorted = millis.stream().sorted().toList();
        return String.format(
                "%d others: median %.0f ms, 99%% %.0f ms, longest %.0f ms, %d over 2 s, %d failed %s; %d leaks, %d failed; load %s",
                sorted.size(), part(sorted, 0.5), part(sorted, 0.99), part(sorted, 1),
                sorted.stream().filter(each -> each > LONG_MILLIS).count(), failures.size(),
                failures.stream().distinct().toList(), leaked.get(), refused.get(), Load.now());
    }

    private static double part(List<Double> sorted, double part) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.min(sorted.size() - 1, part * sorted.size()));
    }

    /** Runs the cluster until its standard input ends. Then prints how often workers have ended, and why. */
    private static void serve(int port) throws Exception {
        Map<String, Integer> exits = new TreeMap<>();
        var restarts =
                RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(Integer.MAX_VALUE, Duration.ofDays(1));
        MemoryPolicy memory = MemoryPolicy.DEFAULT.withMaxLive(60L << 20);
        Cluster cluster = Cluster.open(Program.classPath(List.of(samples()), Leaky.class.getName(), "" + port),
                config -> config.withWorkers(WORKERS).withRestart(restarts).withMemory(memory)
                        .withOutput((_, _, _) -> {}).withListener(event -> {
                            if (event instanceof ClusterEvent.Exited exited) {
                                exits.merge(reason(exited.exit().reason()), 1, Integer::sum);
                            }
                        }));
        cluster.awaitReady(WORKERS, Duration.ofMinutes(1));
        System.out.println();
        int _ = System.in.read();
        cluster.close();
        System.out.println(exits);
        System.exit(0); // workers may have left threads
    }

    private static String reason(ExitReason reason) {
        return reason instanceof ExitReason.OverMemory over ? "over " + over.limit()
                : reason.getClass().getSimpleName();
    }

    private static Path samples() throws URISyntaxException {
        return Path.of(Leaky.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
