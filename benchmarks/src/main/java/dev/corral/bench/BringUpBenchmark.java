package dev.corral.bench;

import java.util.concurrent.TimeUnit;
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

/** Measures the start of n workers: from the first {@code fork()} until all of them have entered their program. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class BringUpBenchmark {
    @Param({"hello", "hello-shared"})
    private String program;

    @Param({"1", "8", "64", "512"})
    private int workers;

    private Bench bench;

    @Setup(Level.Iteration)
    public void open() {
        bench = new Bench(program, 0);
    }

    @Benchmark
    public void forkAllToOnline() throws InterruptedException {
        for (int i = 0; i < workers; i++) {
            bench.cluster.fork();
        }
        bench.awaitOnline(workers);
    }

    @TearDown(Level.Iteration)
    public void close() {
        bench.close();
        System.gc();
    }
}
