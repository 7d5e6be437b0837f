package dev.corral.bench;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.bench.common.Bodies;
import dev.corral.bench.common.Body;
import dev.corral.bench.common.Errands;
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

/**
 * Measures what estimating live bytes costs a worker that does little except allocate, on a virtual thread. The
 * estimate samples the allocations of the whole JVM, so it is compared between JVMs with and without it.
 *
 * @see AllocationRatio
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class AllocationCost {
    @Param({"objects", "arrays", "strings", "map"})
    private String body;

    @Param({"off", "on"})
    private String liveBytes;

    private Cluster cluster;
    private Body work;

    @Setup
    public void open() {
        if (!Cluster.capabilities().contains(Capability.LIVE_BYTES)) {
            throw new IllegalStateException(
                    "live bytes cannot be estimated here; it needs " + Capability.LIVE_BYTES.remedy());
        }
        cluster = Cluster.open(Program.worker(Allocations.class).withShared(Body.class.getPackageName()),
                config -> config.withWorkers(1).withLiveBytes(liveBytes.equals("on")));
    }

    @Setup(Level.Iteration)
    public void renew() {
        work = Bodies.await().apply(body);
    }

    @Benchmark
    public long run() throws InterruptedException {
        return Errands.run(work);
    }

    @TearDown
    public void close() {
        cluster.close();
    }
}
