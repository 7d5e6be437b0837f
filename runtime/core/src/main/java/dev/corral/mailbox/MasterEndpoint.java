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
 * The master as sender and receiver. For each worker it has one mailbox and one virtual thread, so that no worker waits
 * because of the messages of another one. Messages that a worker sent before its end are still handled after its end.
 */
public final class MasterEndpoint extends MessageEndpoint {
    static final long ID = 0;
    private static final Log LOG = Log.get();

    /** The current handler; null if there is none. Guarded by the monitor. */
    private @Nullable Receiving receiving;

    MasterEndpoint(MessageHub hub, Types types) {
        super(hub, ID, types);
    }

    /** One handler, and the threads that call it. */
    private final class Receiving implements Subscription {
        final MessageHandler handler;
        /**
         * The receptions of all workers. The reception of an ended worker is removed when all its messages have been
         * handled.
         */
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
     * Begins to pass the messages of all workers to this handler, until the subscription is closed. Messages that came
     * before wait in the mailboxes.
     *
     * @throws IllegalStateException if there is a handler already
     */
    public synchronized Subscription receive(MessageHandler handler) {
        if (receiving != null) {
            throw new IllegalStateException("messages to the master of " + hub().cluster()
                    + " are being handled already; close the subscription of the other handler first");
        }
        var mine = new Receiving(handler);
        receiving = mine;
        hub().workers().forEach(mine::from);
        return mine;
    }

    /** Adds a worker, and begins to receive its messages if there is a handler. */
    synchronized void join(WorkerEndpoint worker) {
        hub().add(worker); // under the monitor, so that a handler that comes now receives from it exactly once
        if (receiving != null) {
            receiving.from(worker);
        }
    }

    /**
     * Waits until the messages of ended workers have been handled, but no longer than this time.
     *
     * @throws InterruptedException if the caller is interrupted while it waits
     */
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
        LOG.failed("the message handler of the master threw for a message from ",
                MessageHub.nameOf(envelope.from()) + " of " + hub().cluster(), thrown);
    }
}
