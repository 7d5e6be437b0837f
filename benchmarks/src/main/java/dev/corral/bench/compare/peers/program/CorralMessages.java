package dev.corral.bench.compare.peers.program;

import dev.corral.Cluster;
import dev.corral.Message;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerMain;
import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.commands.Tally.Counted;
import dev.corral.bench.compare.commands.Tally;
import org.HdrHistogram.Histogram;

/** The messages of Corral: the sender is the master, the receiver a worker. */
public final class CorralMessages extends MessageLoop {
    private static final String END = "end";

    private final Worker receiver;

    private CorralMessages(Worker receiver) {
        this.receiver = receiver;
    }

    public static void main(String[] args) {
        Cluster cluster = Cluster.open(Program.worker(Receiver.class),
                config -> config.withWorkers(1).withMailbox(2 * WINDOW));
        new CorralMessages(cluster.slot(0).orElseThrow().onReady().join()).run();
    }

    /** Answers questions with an equal body, and counts other messages. */
    public static final class Receiver implements WorkerMain {
        private final Tally tally = new Tally();

        @Override
        public void run(WorkerContext me) {
            me.onMessage(message -> {
                if (!message.wantsReply()) {
                    tally.add(message.body());
                } else {
                    message.reply(message.body().equals(END) ? tally.end().text() : message.body());
                }
            });
            me.ready();
        }
    }

    @Override
    protected Histogram roundTrips(Payload payload, long deadline) throws Exception {
        Object body = payload.body();
        return times(() -> check(payload, receiver.ask(body, Object.class, PATIENCE)), deadline);
    }

    /** Sends until the deadline. The mailbox has room for two windows, and sending waits while it is full. */
    @Override
    protected Flood flood(Payload payload, long deadline) throws Exception {
        Object body = payload.body();
        long sent = 0;
        do {
            for (int i = 0; i < WINDOW; i++) {
                receiver.send(payload == Payload.TRANSFERRED ? Message.transfer((byte[]) payload.body()) : body);
            }
            sent += WINDOW;
        } while (System.nanoTime() - deadline < 0);
        return new Flood(sent, Counted.parse(receiver.ask(END, String.class, PATIENCE)));
    }
}
