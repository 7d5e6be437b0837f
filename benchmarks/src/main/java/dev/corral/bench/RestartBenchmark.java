package dev.corral.bench;

import dev.corral.ClusterEvent;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a restart: from {@code kill()}, or from the request on which the worker throws, until the next worker has
 * entered its program. The old worker has ended before the new one is forked.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RestartBenchmark {
    private static final byte[] CRASH = "GET /crash HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Bench bench;
    private int port;
    private Socket connection;

    @Setup
    public void open() throws InterruptedException {
        bench = new Bench("hello", 0);
        bench.cluster.on(ClusterEvent.Listening.class, event -> port = event.address().getPort());
        bench.cluster.fork();
        bench.awaitOnline(1);
    }

    @Setup(Level.Invocation)
    public void connect() throws Exception {
        bench.cluster.awaitReady(1, Duration.ofSeconds(30));
        while (port == 0) {
            Thread.onSpinWait();
        }
        connection = new Socket(InetAddress.getLoopbackAddress(), port);
    }

    @TearDown(Level.Invocation)
    public void disconnect() throws Exception {
        connection.close();
    }

    @Benchmark
    public void killToOnline() throws InterruptedException {
        var _ = bench.cluster.slot(0).orElseThrow().kill();
        bench.awaitOnline(1);
    }

    @Benchmark
    public void crashToOnline() throws Exception {
        connection.getOutputStream().write(CRASH);
        bench.awaitOnline(1);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
