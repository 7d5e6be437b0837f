package dev.corral.bench;

import dev.corral.Worker;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the start of one more worker: from {@code fork()} until it has entered its program. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForkBenchmark {
    @Param({"hello", "idle", "hello-shared", "idle-shared"})
    private String program;

    private Bench bench;
    private @Nullable Worker worker;

    @Setup
    public void open() {
        bench = new Bench(program, 0);
    }

    @Benchmark
    public Worker forkToOnline() throws InterruptedException {
        Worker forked = bench.cluster.fork();
        worker = forked;
        bench.awaitOnline(1);
        return forked;
    }

    @TearDown(Level.Invocation)
    public void disconnect() throws InterruptedException {
        var _ = Objects.requireNonNull(worker).disconnect();
        bench.awaitExited(1);
    }

    @TearDown
    public void close() {
        bench.close();
    }
}
