package dev.corral.bench;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.bench.common.Bodies;
import dev.corral.bench.common.Body;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

/**
 * Measures the cost of checkpoints in compiled code: the same class unchanged, and as a worker has it, called through
 * the same interface by the same thread. Each copy is measured in separate JVMs; otherwise the JIT would use profiles
 * of both.
 *
 * @see WovenRatio
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 10, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 15, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class WovenBenchmark {
    @Param({"vector", "hash", "sieve", "fib", "map", "string", "matrix", "stream", "channel"})
    private String body;

    @Param({"plain", "woven"})
    private String code;

    private Cluster cluster;
    private Function<String, Body> bodies;
    private Body work;

    @Setup
    public void load() {
        cluster = Cluster.open(Program.worker(Work.class).withShared(Body.class.getPackageName()), 1);
        bodies = code.equals("woven") ? Bodies.await() : Work::of;
    }

    /**
     * Creates the body again, so that its arrays have other addresses in each iteration: their relative positions may
     * double the time of a loop.
     */
    @Setup(Level.Iteration)
    public void renew() {
        work = bodies.apply(body);
        boolean woven = !work.getClass().getClassLoader().equals(Work.class.getClassLoader());
        if (woven != code.equals("woven")) {
            throw new IllegalStateException("this is not the " + code + " copy");
        }
    }

    @Benchmark
    public long run() {
        return work.run();
    }

    @TearDown
    public void close() {
        cluster.close();
    }
}
