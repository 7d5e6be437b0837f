package dev.corral.bench;

import dev.corral.Cluster;
import dev.corral.Message;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import dev.corral.bench.common.Note;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Measures messages from the master to one worker, or to several in turn. Sending waits while a mailbox is full, so it
 * measures how fast messages are taken. Asking measures a message and an equal answer. With {@code -prof gc} it shows
 * what each message allocates on both sides.
 */
@State(Scope.Benchmark)
@Fork(value = 1, jvmArgsAppend = "-Xmx256m")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageCost {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int KIB_10 = 10 * 1024;

    @Param({"text", "shared", "copied", "bytes", "transferred"})
    private String body;

    @Param({"1", "64"})
    private int workers;

    private Cluster cluster;
    private List<Worker> receivers;
    private Object message;
    private int next;

    /** The same as {@link Note}, but each worker has its own copy of the class. */
    public record Copied(long number, String text) {}

    /** Answers each question with an equal message. */
    public static final class Echo implements WorkerMain {
        @Override
        public void run(WorkerContext me) {
            me.onMessage(received -> {
                if (received.wantsReply()) {
                    received.reply(received.body());
                }
            });
            me.ready();
        }
    }

    @Setup
    public void open() throws InterruptedException {
        cluster = Cluster.open(Program.worker(Echo.class).withShared(Note.class.getPackageName()),
                config -> config.withWorkers(workers));
        if (!cluster.awaitReady(workers, Duration.ofMinutes(1))) {
            throw new IllegalStateException("workers are not ready");
        }
        receivers = cluster.workers();
        String text = "x".repeat(100);
        message = switch (body) {
            case "text" -> text;
            case "shared" -> new Note(1, text);
            case "copied" -> new Copied(1, text);
            default -> new byte[KIB_10];
        };
    }

    private Object message() {
        return body.equals("transferred") ? Message.transfer(new byte[KIB_10]) : message;
    }

    private Worker receiver() {
        next = next + 1 == workers ? 0 : next + 1;
        return receivers.get(next);
    }

    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public void send() throws InterruptedException {
        receiver().send(message());
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Object ask() throws Exception {
        return receiver().ask(message(), Object.class, DEADLINE);
    }

    @TearDown
    public void close() {
        cluster.close();
    }
}
