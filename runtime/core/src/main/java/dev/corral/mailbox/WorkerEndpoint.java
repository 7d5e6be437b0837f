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

/** A worker. */
public final class WorkerEndpoint extends MessageEndpoint {
    private final Mailbox inbox;
    private final Mailbox outbox;
    private final ThreadFactory threads;
    private final Runnable handlerGone;
    /** What was not taken. Owned by the thread that ends the worker. */
    private List<Envelope> left = List.of();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();

    /**
     * See {@link MessageHub#join}.
     */
    WorkerEndpoint(MessageHub post, long id, Types types, ThreadFactory threads, Runnable handlerGone) {
        super(post, id, types);
        this.inbox = new Mailbox(post.capacity());
        this.outbox = new Mailbox(post.capacity());
        this.threads = threads;
        this.handlerGone = handlerGone;
    }

    /** Messages to the master. */
    Mailbox outbox() {
        return outbox;
    }

    /**
     * Has what others send handled from now on, on a virtual thread of the worker, until that is closed.
     *
     * @throws IllegalStateException if somebody does already
     */
    public Subscription receive(MessageHandler handler) {
        return inbox.receive(threads, envelope -> handle(envelope, handler), handlerGone);
    }

    /** Whether it has a handler. */
    public boolean isReceiving() {
        return inbox.isReceiving();
    }

    /** Whether no message waits for its handler or is being handled. */
    public boolean isIdle() {
        return inbox.isIdle();
    }

    /** Messages that wait; an estimate. */
    public int waiting() {
        return inbox.envelopes().size();
    }

    /** Takes nothing any more; its handler gets no other message than the one that it has. May be called again. */
    public void close() {
        left = inbox.close();
    }

    /**
     * What it had not taken when it was closed, in order, for the master: made, if that knows the types, or as text. Asks are left out, for
     * their askers are told. Once, since it may run code of the embedding program.
     */
    public List<Object> undelivered() {
        Types master = post().master().types();
        return left.stream().filter(envelope -> !envelope.wantsReply())
                .map(envelope -> Marshaller.render(envelope.body(), master))
                .toList();
    }

    /** Its threads have ended, and send nothing any more. Once. */
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

    /** What others had sent is the master's, who may know more classes. */
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
            // of the program's own handler: the JVM drops that as well
        }
    }
}
