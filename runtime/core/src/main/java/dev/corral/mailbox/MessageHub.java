package dev.corral.mailbox;

import dev.corral.Exit;
import dev.corral.WorkerExitedException;
import dev.corral.portable.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Who is there to send to in one cluster. Thread-safe. */
public final class MessageHub {
    /** Of so many ended workers it is known how they ended. */
    private static final int REMEMBERED = 1000;

    private final String cluster;
    private final int capacity;
    private final MasterEndpoint master;
    private final Map<Long, WorkerEndpoint> workers = new ConcurrentHashMap<>();
    /** How workers have ended, the oldest first. Guarded by itself. */
    private final Map<Long, Exit> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Exit> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Of one cluster.
     *
     * @param capacity of each mailbox: 2 and up, a power of two
     * @param master what the embedding program knows
     */
    public MessageHub(String cluster, int capacity, Types master) {
        this.cluster = cluster;
        this.capacity = capacity;
        this.master = new MasterEndpoint(this, master);
    }

    /**
     * A worker joins.
     *
     * @param types what it knows
     * @param threads for its handler: virtual ones of the worker
     * @param handlerGone told when its program closes its handler
     */
    public WorkerEndpoint join(long id, Types types, ThreadFactory threads, Runnable handlerGone) {
        var side = new WorkerEndpoint(this, id, types, threads, handlerGone);
        master.join(side);
        return side;
    }

    void add(WorkerEndpoint worker) {
        workers.put(worker.id(), worker);
    }

    /** A worker has ended: who waits for it is told. */
    public void ended(long id, Exit exit) {
        synchronized (ended) {
            ended.put(id, exit.withoutUndelivered());
        }
        WorkerEndpoint side = workers.remove(id);
        if (side != null) {
            side.ended(exit);
        }
        master.asks().exited(id, exit);
        for (WorkerEndpoint other : workers.values()) {
            other.asks().exited(id, exit);
            other.wakeSenders(); // the dead one's threads may be among them, and must not be held
        }
    }

    /** Waits until what workers have sent before they ended is handled. */
    public void awaitHandled(Duration atMost) throws InterruptedException {
        master.awaitHandled(atMost);
    }

    /** The master. */
    public MasterEndpoint master() {
        return master;
    }

    /**
     * Whose id this is, for somebody who wants to send.
     *
     * @throws WorkerExitedException if it has ended
     * @throws IllegalArgumentException if there never was such a worker, or its end is too long ago
     */
    public MessageEndpoint side(long id) {
        MessageEndpoint side = live(id);
        if (side != null) {
            return side;
        }
        Exit exit;
        synchronized (ended) {
            exit = ended.get(id);
        }
        if (exit != null) {
            throw new WorkerExitedException(nameOf(id) + " of " + cluster + " has ended: " + exit.reason(), exit);
        }
        throw new IllegalArgumentException(
                "the receiver is " + id + "; it must be 0, for the master, or the id of a worker of " + cluster
                        + " that is there, or was one of the last " + REMEMBERED + " to end");
    }

    @Nullable
    MessageEndpoint live(long id) {
        return id == MasterEndpoint.ID ? master : workers.get(id);
    }

    Collection<WorkerEndpoint> workers() {
        return workers.values();
    }

    String cluster() {
        return cluster;
    }

    int capacity() {
        return capacity;
    }

    static String nameOf(long id) {
        return id == MasterEndpoint.ID ? "the master" : "worker " + id;
    }
}
