package dev.corral.samples;

import dev.corral.Cluster;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import java.time.Duration;
import java.util.Arrays;

/**
 * Measures the cost of messages on this machine. It asks a worker again and again, and prints how long an answer takes.
 * Then it sends messages as fast as the worker takes them. An argument sets the number of messages.
 */
public final class PingPong {
    private static final int DEFAULT_COUNT = 1_000_000;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private PingPong() {}

    /** The message, and the answer. */
    public record Ball(long number, String text) {}

    /** Answers messages, and counts them. */
    public static final class Player implements WorkerMain {
        private long received;

        @Override
        public void run(WorkerContext me) {
            me.onMessage(message -> {
                received++;
                if (message.wantsReply()) {
                    message.reply(message.body() instanceof Ball ball ? new Ball(ball.number() + 1, ball.text())
                            : received);
                }
            });
            me.ready();
        }
    }

    public static void main(String[] args) throws Exception {
        int count = args.length == 0 ? DEFAULT_COUNT : Integer.parseInt(args[0]);
        try (Cluster cluster = Cluster.open(Program.worker(Player.class), 1)) {
            Worker worker = cluster.slot(0).orElseThrow().onReady().join();
            play(worker, count / 10); // the first ones are slower, because the code is not yet compiled
            long[] nanos = play(worker, count / 10);
            Arrays.sort(nanos);
            System.out.printf("%,d round trips: half of them within %.1f us, 99%% within %.1f us%n", nanos.length,
                    nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 99 / 100] / 1e3);
            String text = "x".repeat(100);
            flood(worker, count, text);
            rate(worker, count, "texts of 100 characters, not copied", text);
            rate(worker, count, "records with such a text, copied", new Ball(1, text));
        }
    }

    private static long[] play(Worker worker, int count) throws Exception {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            Ball back = worker.ask(new Ball(i, "ping"), Ball.class, DEADLINE);
            nanos[i] = System.nanoTime() - start;
            if (back.number() != i + 1) {
                throw new IllegalStateException("asked " + i + ", and " + back + " came back");
            }
        }
        return nanos;
    }

    private static void rate(Worker worker, int count, String what, Object message) throws Exception {
        long before = worker.ask("how many?", Long.class, DEADLINE);
        long start = System.nanoTime();
        flood(worker, count, message);
        long received = worker.ask("how many?", Long.class, DEADLINE) - before - 1;
        System.out.printf("%,d %s: %.1f million a second%n", received, what,
                received * 1e3 / (System.nanoTime() - start));
    }

    private static void flood(Worker worker, int count, Object message) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            worker.send(message);
        }
    }
}
