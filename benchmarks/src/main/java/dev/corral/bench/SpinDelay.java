package dev.corral.bench;

import dev.corral.Cluster;
import dev.corral.ClusterEvent;
import dev.corral.HeartbeatPolicy;
import dev.corral.Program;
import dev.corral.Worker;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.HdrHistogram.Histogram;

/**
 * Measures answers of one worker, and forks of the master, while as many other workers spin as there are processors. It
 * compares them with the same number of busy processes, which shows what the operating system does to a thread that
 * must share the processors. The connections are new, one at a time, from this JVM.
 */
public final class SpinDelay {
    private static final int WARM_UP = 2_000;
    private static final int REQUESTS = 3_000;
    private static final int FORKS = 100;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final BlockingQueue<Integer> ports = new ArrayBlockingQueue<>(1000);

    private SpinDelay() {}

    public static void main(String[] args) throws Exception {
        new SpinDelay().run(Runtime.getRuntime().availableProcessors());
    }

    private void run(int busy) throws Exception {
        try (Cluster third = Cluster.open(Program.main(Hello.class, "0"), config -> config.withWorkers(1)
                .withOutput((_, _, _) -> {}).withListener(event -> {
                    if (event instanceof ClusterEvent.Listening e) {
                        ports.add(e.address().getPort());
                    }
                }))) {
            int port = ports.take();
            third.awaitReady(1, Duration.ofMinutes(1));
            ask(port, WARM_UP);
            System.out.printf("%-24s %10s %10s %10s   %s%n", "microseconds", "p50", "p99", "max",
                    "fork to online, p50");
            print("nothing else", port);
            List<Process> processes = new ArrayList<>();
            try {
                for (int i = 0; i < busy; i++) {
                    processes.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
                }
                print(busy + " busy processes", port);
            } finally {
                processes.forEach(Process::destroyForcibly);
                for (Process process : processes) {
                    process.waitFor();
                }
            }
            try (Cluster spinners = Cluster.open(Program.main(Spinner.class, "while", "virtual"),
                    config -> config.withWorkers(busy).withReadySignal(true).withHeartbeat(HeartbeatPolicy.OFF))) {
                Thread.sleep(1000);
                print(busy + " spinning workers", port);
                for (Worker spinner : spinners.workers()) {
                    var _ = spinner.kill();
                }
            }
        }
    }

    private static void print(String what, int port) throws Exception {
        Histogram answers = ask(port, REQUESTS);
        System.out.printf("%-24s %10.1f %10.1f %10.1f   %.1f%n", what, answers.getValueAtPercentile(50) / 1e3,
                answers.getValueAtPercentile(99) / 1e3, answers.getMaxValue() / 1e3,
                forks().getValueAtPercentile(50) / 1e3);
    }

    private static Histogram ask(int port, int requests) throws IOException {
        var histogram = new Histogram(3);
        for (int i = 0; i < requests; i++) {
            long start = System.nanoTime();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write(REQUEST);
                InputStream in = socket.getInputStream();
                in.readAllBytes();
            }
            histogram.recordValue(System.nanoTime() - start);
        }
        return histogram;
    }

    private static Histogram forks() throws InterruptedException {
        var histogram = new Histogram(3);
        try (var bench = new Bench("idle", 0)) {
            for (int i = 0; i < FORKS; i++) {
                long start = System.nanoTime();
                Worker worker = bench.cluster.fork();
                bench.awaitOnline(1);
                histogram.recordValue(System.nanoTime() - start);
                var _ = worker.disconnect();
                bench.awaitExited(1);
            }
        }
        return histogram;
    }
}
