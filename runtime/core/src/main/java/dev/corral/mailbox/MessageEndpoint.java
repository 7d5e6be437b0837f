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
import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One end of the message route: the master or one worker. Any thread of that master or worker may call its methods. */
public abstract sealed class MessageEndpoint permits MasterEndpoint, WorkerEndpoint {
    private final MessageHub hub;
    private final long id;
    private final Types types;
    private final Asks asks = new Asks();

    MessageEndpoint(MessageHub hub, long id, Types types) {
        this.hub = hub;
        this.id = id;
        this.types = types;
    }

    MessageHub hub() {
        return hub;
    }

    /** The id of the worker; 0 for the master. */
    long id() {
        return id;
    }

    Types types() {
        return types;
    }

    Asks asks() {
        return asks;
    }

    /** The mailbox in which this endpoint receives the messages of that sender. */
    abstract Mailbox mailboxFor(MessageEndpoint sender);

    /**
     * Waits until the reason is known why this endpoint accepts no more messages.
     *
     * @param nanos the longest wait, in nanoseconds
     * @return null if the reason did not become known in time
     * @throws InterruptedException if the caller is interrupted while it waits
     */
    abstract @Nullable CorralException closed(MessageEndpoint sender, long nanos) throws InterruptedException;

    /** Finds a receiver by its id; see {@link MessageHub#find}. */
    public MessageEndpoint find(long to) {
        return hub.find(to);
    }

    /**
     * Sends a message, and waits while the mailbox of the receiver is full.
     *
     * @throws InterruptedException if the caller is interrupted while it waits
     */
    public void send(MessageEndpoint to, Object body) throws InterruptedException {
        if (to.mailboxFor(this).envelopes().put(new Envelope(id, pack(to, body))) == Outcome.CLOSED) {
            throw requireNonNull(to.closed(this, Long.MAX_VALUE), "that takes centuries");
        }
    }

    /** Sends a message without waiting; false if the mailbox of the receiver is full or closed. */
    public boolean trySend(MessageEndpoint to, Object body) {
        return to.mailboxFor(this).envelopes().offer(new Envelope(id, pack(to, body)));
    }

    private static Object pack(MessageEndpoint to, Object body) {
        return Marshaller.pack(requireNonNull(body, "message"), to.types);
    }

    /**
     * Sends a message, and waits for the reply.
     *
     * @param deadline the longest wait, for room in the mailbox and for the reply together; positive
     * @throws InterruptedException if the caller is interrupted while it waits
     * @throws TimeoutException if there is no reply within the deadline
     */
    public <R> R ask(MessageEndpoint to, Object body, Class<R> reply, Duration deadline)
            throws InterruptedException, TimeoutException {
        requireNonNull(reply, "reply");
        requireNonNull(deadline, "deadline");
        long nanos = TimeUnit.NANOSECONDS.convert(deadline);
        if (nanos <= 0) {
            throw new IllegalArgumentException(
                    "the deadline is " + Quantities.text(deadline) + "; it must be more than 0");
        }
        long start = System.nanoTime();
        Asks.Ask ask = asks.open(to.id);
        try {
            Outcome sent = to.mailboxFor(this).envelopes().put(new AskEnvelope(id, ask.number, pack(to, body)), nanos);
            if (sent == Outcome.TIMED_OUT) {
                throw new TimeoutException(to + " has had no room in its mailbox for " + Quantities.text(deadline));
            }
            CorralException closed =
                    sent == Outcome.CLOSED ? to.closed(this, nanos - (System.nanoTime() - start)) : null;
            if (closed != null) {
                throw closed;
            }
            Asks.Outcome outcome = ask.await(start, nanos);
            if (outcome == null) { // the receiver is slow, or it is ending and its exit is not known yet
                throw new TimeoutException(to + " has not answered within " + Quantities.text(deadline));
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

    /** Returns the part of an exit that the program of this endpoint may see. */
    abstract Exit exitFor(Exit exit);

    /** Answers an envelope that this endpoint has received. */
    void reply(AskEnvelope envelope, Object body) {
        MessageEndpoint asker = hub.live(envelope.from());
        Object packed = asker == null ? body : Marshaller.pack(body, asker.types);
        if (!envelope.claimAnswer()) {
            throw new IllegalStateException(
                    "the message from " + MessageHub.nameOf(envelope.from()) + " was answered already");
        }
        if (asker != null) {
            asker.asks.end(envelope.ask(), new Asks.Outcome.Replied(packed));
        }
    }

    /**
     * Unpacks an envelope and passes it to the handler, on the current thread. An exception of the handler answers an
     * ask; otherwise it goes to {@link #uncaught}.
     */
    void handle(Envelope envelope, MessageHandler handler) {
        try {
            envelope.open(this);
            handler.handle(envelope);
        } catch (Throwable thrown) { // whatever the program throws
            if (thrown instanceof WorkerKilled || isClosed()) {
                return; // the receiver is being ended: its exit answers the ask
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
        MessageEndpoint asker = hub.live(envelope.from());
        if (asker != null) {
            asker.asks.end(envelope.ask(), new Asks.Outcome.Failed(Failure.of(thrown)));
        }
    }

    /** Whether this endpoint accepts no more messages. */
    abstract boolean isClosed();

    /** Reports what a handler has thrown and no asker waits for. Throws nothing. */
    abstract void uncaught(Envelope envelope, Throwable thrown);

    @Override
    public String toString() {
        return MessageHub.nameOf(id) + " of " + hub.cluster();
    }
}
