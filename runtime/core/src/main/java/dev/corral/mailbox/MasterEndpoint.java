package dev.corral.mailbox;

import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.MessageHandler;
import dev.corral.Subscription;
import dev.corral.portable.Types;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The master. It receives from each worker by a mailbox and a virtual thread of that worker's own, so that none waits for what another
 * has sent. What a worker has sent before its end is still handled after it.
 */
public final class MasterEndpoint extends MessageEndpoint {
    static final long ID = 0;
    private static final Log LOG = Log.get();

    /** Null while nobody receives. Guarded by the monitor. */
    private @Nullable Receiving receiving;

    MasterEndpoint(MessageHub post, Types types) {
        super(post, ID, types);
    }

    /** One handler, and the threads that call it. */
    private final class Receiving implements Subscription {
        final MessageHandler handler;
        /** Those whose worker has ended and that have had everything handled leave. */
        final Set<Mailbox.Reception> receptions = ConcurrentHashMap.newKeySet();

        Receiving(MessageHandler handler) {
            this.handler = handler;
        }

        void from(WorkerEndpoint worker) {
            receptions.removeIf(Mailbox.Reception::hasEnded);
            receptions.add(worker.outbox().receive(
                    task -> ServiceThreads.virtual(worker + "/to-master", task),
                    envelope -> handle(envelope, handler), () -> {}));
        }

        @Override
        public void close() {
            synchronized (MasterEndpoint.this) {
                if (receiving == this) {
                    receiving = null;
                    receptions.forEach(Mailbox.Reception::close);
                }
            }
        }
    }

    /**
     * Has what workers send handled from now on, until that is closed; what has come before waits in the mailboxes.
     *
     * @throws IllegalStateException if somebody does already
     */
    public synchronized Subscription receive(MessageHandler handler) {
        if (receiving != null) {
            throw new IllegalStateException("messages to the master of " + post().cluster()
                    + " are being handled already; close the subscription of the other handler first");
        }
        var mine = new Receiving(handler);
        receiving = mine;
        post().workers().forEach(mine::from);
        return mine;
    }

    /** A worker joins. */
    synchronized void join(WorkerEndpoint worker) {
        post().add(worker); // here, so that nobody who begins to receive meanwhile misses it or has it twice
        if (receiving != null) {
            receiving.from(worker);
        }
    }

    /** Waits until what ended workers have sent is handled. */
    void awaitHandled(Duration atMost) throws InterruptedException {
        List<Mailbox.Reception> open = new ArrayList<>();
        synchronized (this) {
            if (receiving != null) {
                open.addAll(receiving.receptions);
            }
        }
        long start = System.nanoTime();
        for (Mailbox.Reception each : open) {
            each.awaitEnd(atMost.minusNanos(System.nanoTime() - start));
        }
    }

    @Override
    Mailbox mailboxFor(MessageEndpoint sender) {
        return ((WorkerEndpoint) sender).outbox();
    }

    @Override
    CorralException closed(MessageEndpoint sender, long nanos) {
        return new CorralException(sender + " is ending; what it sends now is taken by nobody");
    }

    @Override
    Exit exitFor(Exit exit) {
        return exit;
    }

    @Override
    boolean isClosed() {
        return false;
    }

    @Override
    void uncaught(Envelope envelope, Throwable thrown) {
        LOG.failed("the handler of messages threw for one from ",
                MessageHub.nameOf(envelope.from()) + " of " + post().cluster(), thrown);
    }
}
