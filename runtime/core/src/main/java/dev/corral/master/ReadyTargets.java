package dev.corral.master;

import dev.corral.Balancer;
import dev.corral.CorralException;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.balance.GuardedBalancer;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Sends messages that are addressed to any worker of a cluster, or to all of them. The targets are the workers that
 * also receive connections. Thread-safe.
 */
final class ReadyTargets {
    private static final Log LOG = Log.get();
    /** The address that a balancer gets in place of a client's. */
    private static final InetSocketAddress MASTER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final String cluster;
    private final Supplier<Balancer> balancers;
    private final Supplier<List<Worker>> ready;
    /** Balancers that no thread uses at the moment. */
    private final Deque<GuardedBalancer> idle = new ConcurrentLinkedDeque<>();

    /**
     * Creates the targets of one cluster.
     *
     * @param balancers creates balancers, which are user code
     * @param ready returns the ready workers in the order of their slots
     */
    ReadyTargets(String cluster, Supplier<Balancer> balancers, Supplier<List<Worker>> ready) {
        this.cluster = cluster;
        this.balancers = balancers;
        this.ready = ready;
    }

    /**
     * Sends a message to one worker. If that worker ends before it has received the message, another one is chosen.
     *
     * @throws CorralException if no worker is ready
     * @throws InterruptedException if the thread is interrupted while it waits for room in the worker's mailbox
     */
    void send(Object message) throws InterruptedException {
        while (true) {
            try {
                choose().send(message);
                return;
            } catch (WorkerExitedException e) {
                LOG.log(Level.DEBUG, "another worker is chosen for a message", e);
            }
        }
    }

    /** Sends a message to each ready worker that has room in its mailbox, and returns how many workers took it. */
    int broadcast(Object message) {
        int taken = 0;
        for (Worker worker : ready.get()) {
            taken += worker.trySend(message) ? 1 : 0;
        }
        return taken;
    }

    /**
     * Returns the balancer's choice. A balancer is promised one caller at a time, and user code runs under no lock: so
     * each call takes a balancer that no other call uses, and creates one if there is none. One sender at a time always
     * gets the same one.
     *
     * @throws CorralException if no worker is ready
     */
    private Worker choose() {
        List<Worker> now = ready.get();
        if (now.isEmpty()) {
            throw new CorralException("no worker of " + cluster + " is ready to take the message");
        }
        GuardedBalancer balancer = idle.pollFirst();
        if (balancer == null) {
            balancer = new GuardedBalancer(GuardedBalancer.supplied(balancers));
        }
        try {
            return balancer.choose(MASTER, now);
        } finally {
            idle.addFirst(balancer);
        }
    }
}
