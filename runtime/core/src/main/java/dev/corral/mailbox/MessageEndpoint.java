package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.Failure;
import dev.corral.HandlerException;
import dev.corral.MessageHandler;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerKilled;
import dev.corral.portable.Marshaller;
import dev.corral.portable.Types;
import dev.corral.queue.BoundedQueue.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Who sends and receives: the master or a worker. Its methods are for all of its threads. */
public abstract sealed class MessageEndpoint permits MasterEndpoint, WorkerEndpoint {
    private final MessageHub post;
    private final long id;
    private final Types types;
    private final Asks asks = new Asks();

    MessageEndpoint(MessageHub post, long id, Types types) {
        this.post = post;
        this.id = id;
        this.types = types;
    }

    MessageHub post() {
        return post;
    }

    /** Of the worker; 0 is the master. */
    long id() {
        return id;
    }

    Types types() {
        return types;
    }

    Asks asks() {
        return asks;
    }

    /** Where it receives what that side sends. */
    abstract Mailbox mailboxFor(MessageEndpoint sender);

    /** Why it takes nothing any more; waits until that is known, or for so many nanoseconds at most: then null. */
    abstract @Nullable CorralException closed(MessageEndpoint sender, long nanos) throws InterruptedException;

    /** See {@link MessageHub#side}. */
    public MessageEndpoint find(long to) {
        return post.side(to);
    }

    /** Sends, and waits while the mailbox is full. */
    public void send(MessageEndpoint to, Object body) throws InterruptedException {
        if (to.mailboxFor(this).envelopes().put(new Envelope(id, pack(to, body))) == Outcome.CLOSED) {
            throw requireNonNull(to.closed(this, Long.MAX_VALUE), "that takes centuries");
        }
    }

    /** Sends, and never waits; false if the mailbox is full or closed. */
    public boolean trySend(MessageEndpoint to, Object body) {
        return to.mailboxFor(this).envelopes().offer(new Envelope(id, pack(to, body)));
    }

    private static Object pack(MessageEndpoint to, Object body) {
        return Marshaller.pack(requireNonNull(body, "message"), to.types);
    }

    /** Sends, and waits for the reply. */
    public <R> R ask(MessageEndpoint to, Object body, Class<R> reply, Duration deadline)
            throws InterruptedException, TimeoutException {
        requireNonNull(reply, "reply");
        long nanos = TimeUnit.NANOSECONDS.convert(deadline);
        if (nanos <= 0) {
            throw new IllegalArgumentException("the deadline is " + deadline + "; it must be positive");
        }
        long start = System.nanoTime();
        Asks.Ask ask = asks.open(to.id);
        try {
            Outcome sent = to.mailboxFor(this).envelopes().put(new AskEnvelope(id, ask.number, pack(to, body)), nanos);
            if (sent == Outcome.TIMED_OUT) {
                throw new TimeoutException(to + " has had no room in its mailbox for " + deadline);
            }
            CorralException closed =
                    sent == Outcome.CLOSED ? to.closed(this, nanos - (System.nanoTime() - start)) : null;
            if (closed != null) {
                throw closed;
            }
            Asks.Outcome outcome = ask.await(start, nanos);
            if (outcome == null) { // or it is ending, and how is not known yet
                throw new TimeoutException(to + " has not answered within " + deadline);
            }
            return switch (outcome) {
                case Asks.Outcome.Replied(Object packed) -> cast(to, Marshaller.unpack(packed, types), reply);
                case Asks.Outcome.Failed(Failure failure) -> throw new HandlerException(
                        to + " could not answer: " + failure, failure);
                case Asks.Outcome.Exited(Exit exit) -> throw exitedBeforeItAnswered(to, exit);
            };
        } finally {
            asks.close(ask);
        }
    }

    private static <R> R cast(MessageEndpoint to, Object body, Class<R> reply) {
        if (!reply.isInstance(body)) {
            throw new ClassCastException(to + " answered with a " + body.getClass().getName() + ", not with a "
                    + reply.getName());
        }
        return reply.cast(body);
    }

    private WorkerExitedException exitedBeforeItAnswered(MessageEndpoint to, Exit exit) {
        return new WorkerExitedException(to + " ended before it answered: " + exit.reason(), exitFor(exit));
    }

    /** What it may see of how a worker ended. */
    abstract Exit exitFor(Exit exit);

    /** Answers a envelope that it has received. */
    void reply(AskEnvelope envelope, Object body) {
        MessageEndpoint asker = post.live(envelope.from());
        Object packed = asker == null ? body : Marshaller.pack(body, asker.types);
        if (!envelope.claimAnswer()) {
            throw new IllegalStateException(
                    "the message from " + MessageHub.nameOf(envelope.from()) + " was answered already");
        }
        if (asker != null) {
            asker.asks.end(envelope.ask(), new Asks.Outcome.Replied(packed));
        }
    }

    /** Unpacks a envelope and has it handled, on the current thread. What is thrown answers an ask; else it is {@link #uncaught}. */
    void handle(Envelope envelope, MessageHandler handler) {
        try {
            envelope.open(this);
            handler.handle(envelope);
        } catch (Throwable thrown) { // whatever the program throws
            if (thrown instanceof WorkerKilled || isClosed()) {
                return; // by being ended: who asked is told so
            }
            AskEnvelope unanswered = envelope instanceof AskEnvelope ask && ask.claimAnswer() ? ask : null;
            if (unanswered == null || thrown instanceof VirtualMachineError) {
                uncaught(envelope, thrown);
            }
            if (unanswered != null) {
                fail(unanswered, thrown);
            }
        }
    }

    private void fail(AskEnvelope envelope, Throwable thrown) {
        MessageEndpoint asker = post.live(envelope.from());
        if (asker != null) {
            asker.asks.end(envelope.ask(), new Asks.Outcome.Failed(Failure.of(thrown)));
        }
    }

    /** Whether it takes nothing any more. */
    abstract boolean isClosed();

    /** What a handler has thrown and nobody waits for. Throws nothing. */
    abstract void uncaught(Envelope envelope, Throwable thrown);

    @Override
    public String toString() {
        return MessageHub.nameOf(id) + " of " + post.cluster();
    }
}
