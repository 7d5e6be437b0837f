package dev.corral.bench.compare.peers.program;

import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.commands.Tally.Counted;
import dev.corral.bench.compare.commands.Tally;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The program of Pekko. Sender and receiver are actors. */
public final class PekkoMessages extends MessageLoop {
    private final ActorSystem<ToSender> sender = ActorSystem.create(Behaviors.setup(
            context -> new Sender(context, context.spawn(receiver(), "receiver")).behavior()), "messages");

    private PekkoMessages() {}

    public static void main(String[] args) {
        new PekkoMessages().run();
    }

    @Override
    protected Histogram roundTrips(Payload payload, long deadline) throws Exception {
        var end = new CompletableFuture<Histogram>();
        sender.tell(new AskUntil(payload, deadline, end));
        return await(end, deadline);
    }

    @Override
    protected Flood flood(Payload payload, long deadline) throws Exception {
        var end = new CompletableFuture<Flood>();
        sender.tell(new SendUntil(payload, deadline, end));
        return await(end, deadline);
    }

    private static <T> T await(CompletableFuture<T> future, long deadline) throws Exception {
        return future.get(deadline - System.nanoTime() + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    }

    private sealed interface ToReceiver {}

    private record Echo(Object body, ActorRef<Object> from) implements ToReceiver {}

    /** A message to count, and the sender to notify that all messages up to this one have arrived, if there is one. */
    private record Count(Object body, Optional<ActorRef<ToSender>> from) implements ToReceiver {}

    private record End(ActorRef<ToSender> from) implements ToReceiver {}

    private sealed interface ToSender {}

    private record AskUntil(Payload payload, long deadline, CompletableFuture<Histogram> end) implements ToSender {}

    private record Answer(Object body) implements ToSender {}

    private record Failed(Throwable failure) implements ToSender {}

    private record SendUntil(Payload payload, long deadline, CompletableFuture<Flood> end) implements ToSender {}

    private record WindowCame() implements ToSender {}

    private record Ended(Counted counted) implements ToSender {}

    private static Behavior<ToReceiver> receiver() {
        return Behaviors.setup(_ -> {
            var tally = new Tally();
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case Echo(Object body, ActorRef<Object> from) -> from.tell(body);
                    case Count(Object body, Optional<ActorRef<ToSender>> from) -> {
                        tally.add(body);
                        from.ifPresent(sender -> sender.tell(new WindowCame()));
                    }
                    case End(ActorRef<ToSender> from) -> from.tell(new Ended(tally.end()));
                }
                return Behaviors.same();
            });
        });
    }

    /** Runs one task at a time. Only the actor uses the fields. */
    private static final class Sender {
        private final ActorContext<ToSender> context;
        private final ActorRef<ToReceiver> receiver;
        private Object body = "";
        private Histogram nanos = new Histogram(3);
        private long start;
        private long sent;
        private long came;
        private AskUntil asks = new AskUntil(Payload.TEXT, 0, new CompletableFuture<>());
        private SendUntil sends = new SendUntil(Payload.TEXT, 0, new CompletableFuture<>());

        Sender(ActorContext<ToSender> context, ActorRef<ToReceiver> receiver) {
            this.context = context;
            this.receiver = receiver;
        }

        Behavior<ToSender> behavior() {
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case AskUntil task -> {
                        asks = task;
                        body = task.payload().body();
                        nanos = new Histogram(3);
                        ask();
                    }
                    case Answer(Object answer) -> answered(answer);
                    case Failed(Throwable failure) -> asks.end().completeExceptionally(failure);
                    case SendUntil task -> {
                        sends = task;
                        body = task.payload().body();
                        sent = 0;
                        came = 0;
                        sendWindow();
                        sendWindow();
                    }
                    case WindowCame() -> windowCame();
                    case Ended(Counted counted) -> sends.end().complete(new Flood(sent, counted));
                }
                return Behaviors.same();
            });
        }

        private void ask() {
            start = System.nanoTime();
            context.ask(Object.class, receiver, PATIENCE, self -> new Echo(body, self),
                    (answer, failure) -> failure == null ? new Answer(answer) : new Failed(failure));
        }

        private void answered(Object answer) {
            long now = System.nanoTime();
            check(asks.payload(), answer);
            nanos.recordValue(now - start);
            if (now - asks.deadline() < 0) {
                ask();
            } else {
                asks.end().complete(nanos);
            }
        }

        private void sendWindow() {
            for (int i = 1; i < WINDOW; i++) {
                receiver.tell(new Count(body, Optional.empty()));
            }
            receiver.tell(new Count(body, Optional.of(context.getSelf())));
            sent += WINDOW;
        }

        private void windowCame() {
            came += WINDOW;
            if (System.nanoTime() - sends.deadline() < 0) {
                sendWindow();
            } else if (came == sent) {
                receiver.tell(new End(context.getSelf()));
            }
        }
    }
}
