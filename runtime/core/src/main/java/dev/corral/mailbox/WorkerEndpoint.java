package dev.corral.mailbox;

import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.MessageHandler;
import dev.corral.Subscription;
import dev.corral.WorkerExitedException;
import dev.corral.portable.Marshaller;
import dev.corral.portable.Types;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A worker as sender and receiver. */
public final class WorkerEndpoint extends MessageEndpoint {
    private final Mailbox inbox;
    private final Mailbox outbox;
    private final ThreadFactory threads;
    private final Runnable handlerGone;
    /** The messages that no handler received. Written and read by the thread that ends the worker. */
    private List<Envelope> left = List.of();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    /** Creates the endpoint of one worker; see {@link MessageHub#join}. */
    WorkerEndpoint(MessageHub hub, long id, Types types, ThreadFactory threads, Runnable handlerGone) {
        super(hub, id, types);
        this.inbox = new Mailbox(hub.capacity());
        this.outbox = new Mailbox(hub.capacity());
        this.threads = threads;
        this.handlerGone = handlerGone;
    }

    /** Returns the mailbox for messages to the master. */
    Mailbox outbox() {
        return outbox;
    }

    /**
     * Begins to pass messages to this handler, on a virtual thread of the worker, until the subscription is closed.
     *
     * @throws IllegalStateException if there is a handler already
     */
    public Subscription receive(MessageHandler handler) {
        return inbox.receive(threads, envelope -> handle(envelope, handler), handlerGone);
    }

    /** Whether there is a handler. */
    public boolean isReceiving() {
        return inbox.isReceiving();
    }

    /** Whether no message waits for its handler and none is being handled. Also true if there is no handler. */
    public boolean isIdle() {
        return inbox.isIdle();
    }

    /** Returns the number of messages that wait; an estimate. */
    public int waiting() {
        return inbox.envelopes().size();
    }

    /**
     * Closes the mailbox. The handler finishes the message that it has, and receives no other one. May be called again.
     */
    public void close() {
        left = inbox.close();
    }

    /**
     * Returns the messages that were left when the mailbox was closed, in order. Each is an object of the master's
     * types if the master knows them, otherwise a text. Asks are left out, because their askers receive the exit.
     * Called once, because it may run code of the embedding program.
     */
    public List<Object> undelivered() {
        Types master = hub().master().types();
        return left.stream().filter(envelope -> !envelope.wantsReply())
                .map(envelope -> Marshaller.render(envelope.body(), master))
                .toList();
    }

    /** Ends the messages to the master: the threads of the worker have ended and send no more. Called once. */
    public void finish() {
        outbox.finish();
    }

    void ended(Exit how) {
        exit.complete(how);
    }

    void wakeSenders() {
        inbox.envelopes().wakeProducers();
    }

    @Override
    Mailbox mailboxFor(MessageEndpoint sender) {
        return inbox;
    }

    @Override
    @Nullable
    CorralException closed(MessageEndpoint sender, long nanos) throws InterruptedException {
        try {
            Exit how = exit.get(nanos, TimeUnit.NANOSECONDS);
            return new WorkerExitedException(this + " has ended: " + how.reason(), sender.exitFor(how));
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Leaves out undelivered messages: they are for the master, whose types this worker may not know. */
    @Override
    Exit exitFor(Exit how) {
        return how.withoutUndelivered();
    }

    @Override
    boolean isClosed() {
        return inbox.envelopes().isClosed();
    }

    @Override
    void uncaught(Envelope envelope, Throwable thrown) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        } catch (Throwable _) {
            // thrown by the program's own handler; the JVM ignores that as well
        }
    }
}
