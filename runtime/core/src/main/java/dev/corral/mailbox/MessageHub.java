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

/** The registry of all senders and receivers in one cluster. Thread-safe. */
public final class MessageHub {
    /** The number of ended workers whose exits are remembered. */
    private static final int REMEMBERED = 1000;

    private final String cluster;
    private final int capacity;
    private final MasterEndpoint master;
    private final Map<Long, WorkerEndpoint> workers = new ConcurrentHashMap<>();
    /** The exits of ended workers, by id, the oldest first. Guarded by its own monitor. */
    private final Map<Long, Exit> ended = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Exit> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * Creates the registry of one cluster, with the master in it.
     *
     * @param capacity the number of messages that fit in each mailbox: 2 and up, a power of two
     * @param master the types that the embedding program knows
     */
    public MessageHub(String cluster, int capacity, Types master) {
        this.cluster = cluster;
        this.capacity = capacity;
        this.master = new MasterEndpoint(this, master);
    }

    /**
     * Adds a worker.
     *
     * @param types the types that its program knows
     * @param threads creates the thread that calls its handler: a virtual thread of the worker
     * @param handlerGone runs when the program of the worker closes its handler
     */
    public WorkerEndpoint join(long id, Types types, ThreadFactory threads, Runnable handlerGone) {
        var endpoint = new WorkerEndpoint(this, id, types, threads, handlerGone);
        master.join(endpoint);
        return endpoint;
    }

    void add(WorkerEndpoint worker) {
        workers.put(worker.id(), worker);
    }

    /** Removes a worker that has ended. Its exit answers all senders and askers that wait for the worker. */
    public void ended(long id, Exit exit) {
        synchronized (ended) {
            ended.put(id, exit.withoutUndelivered());
        }
        WorkerEndpoint endpoint = workers.remove(id);
        if (endpoint != null) {
            endpoint.ended(exit);
        }
        master.asks().exited(id, exit);
        for (WorkerEndpoint other : workers.values()) {
            other.asks().exited(id, exit);
            other.wakeSenders(); // threads of the ended worker may wait there, and must not stay referenced
        }
    }

    /**
     * Waits until the messages that workers sent before their end have been handled, but no longer than this time.
     *
     * @throws InterruptedException if the caller is interrupted while it waits
     */
    public void awaitHandled(Duration atMost) throws InterruptedException {
        master.awaitHandled(atMost);
    }

    /** Returns the endpoint of the master. */
    public MasterEndpoint master() {
        return master;
    }

    /**
     * Finds a receiver by its id.
     *
     * @throws WorkerExitedException if the worker has ended
     * @throws IllegalArgumentException if there never was such a worker, or if its exit is no longer remembered
     */
    public MessageEndpoint find(long id) {
        MessageEndpoint endpoint = live(id);
        if (endpoint != null) {
            return endpoint;
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
