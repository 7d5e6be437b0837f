package dev.corral.bench.compare.peers.program;

import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.commands.Tally.Counted;
import dev.corral.bench.compare.commands.Tally;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBus;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** The program of Vert.x. Sender and receiver are verticles on two event loops. */
public final class VertxMessages extends MessageLoop {
    private static final String ECHO = "echo";
    private static final String COUNT = "count";
    private static final String END = "end";

    private final Sender sender;

    private VertxMessages(Sender sender) {
        this.sender = sender;
    }

    public static void main(String[] args) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        var receiver = new Receiver();
        var sender = new Sender();
        vertx.deployVerticle(receiver).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        vertx.deployVerticle(sender).await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (sender.thread.equals(receiver.thread)) {
            throw new IllegalStateException("both verticles are on " + sender.thread);
        }
        new VertxMessages(sender).run();
    }

    @Override
    protected Histogram roundTrips(Payload payload, long deadline) throws Exception {
        return await(sender.roundTrips(payload, deadline), deadline);
    }

    @Override
    protected Flood flood(Payload payload, long deadline) throws Exception {
        return await(sender.flood(payload, deadline), deadline);
    }

    private static <T> T await(Future<T> future, long deadline) throws Exception {
        return future.await(deadline - System.nanoTime() + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static final class Receiver extends VerticleBase {
        private final Tally tally = new Tally(); // used only on its event loop
        private volatile String thread = "";

        @Override
        public Future<?> start() {
            thread = Thread.currentThread().getName();
            EventBus bus = vertx.eventBus();
            bus.localConsumer(ECHO, message -> message.reply(message.body()));
            bus.localConsumer(COUNT, message -> {
                tally.add(message.body());
                if (message.replyAddress() != null) {
                    message.reply(null);
                }
            });
            bus.localConsumer(END, message -> message.reply(tally.end().text()));
            return Future.succeededFuture();
        }
    }

    private static final class Sender extends VerticleBase {
        private volatile String thread = "";

        @Override
        public Future<?> start() {
            thread = Thread.currentThread().getName();
            return Future.succeededFuture();
        }

        Future<Histogram> roundTrips(Payload payload, long deadline) {
            Promise<Histogram> end = Promise.promise();
            Object body = payload.body();
            context.runOnContext(_ -> ask(payload, body, deadline, new Histogram(3), end));
            return end.future();
        }

        private void ask(Payload payload, Object body, long deadline, Histogram nanos, Promise<Histogram> end) {
            long start = System.nanoTime();
            vertx.eventBus().request(ECHO, body).onSuccess(answer -> {
                long now = System.nanoTime();
                check(payload, answer.body());
                nanos.recordValue(now - start);
                if (now - deadline < 0) {
                    ask(payload, body, deadline, nanos, end);
                } else {
                    end.complete(nanos);
                }
            }).onFailure(end::fail);
        }

        Future<Flood> flood(Payload payload, long deadline) {
            Promise<Flood> end = Promise.promise();
            Object body = payload.body();
            context.runOnContext(_ -> send(body, deadline, 0, sendWindow(body), end));
            return end.future();
        }

        /** Sends a window while the previous one is still on its way. */
        private void send(Object body, long deadline, long sent, Future<?> before, Promise<Flood> end) {
            Future<?> window = sendWindow(body);
            before.onSuccess(_ -> {
                if (System.nanoTime() - deadline < 0) {
                    send(body, deadline, sent + WINDOW, window, end);
                } else {
                    vertx.eventBus().<String>request(END, null)
                            .onSuccess(answer -> end.complete(
                                    new Flood(sent + 2 * WINDOW, Counted.parse(answer.body()))))
                            .onFailure(end::fail);
                }
            }).onFailure(end::fail);
        }

        /** Sends a window. The result succeeds when the receiver has got all of it. */
        private Future<?> sendWindow(Object body) {
            EventBus bus = vertx.eventBus();
            for (int i = 1; i < WINDOW; i++) {
                bus.send(COUNT, body);
            }
            return bus.request(COUNT, body);
        }
    }
}
