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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/** Who gets messages that are for any worker or for all: those that connections go to as well. */
final class ReadyTargets {
    private static final Log LOG = Log.get();
    /** Stands for the client, for balancers that ask. */
    private static final InetSocketAddress MASTER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final String cluster;
    private final Supplier<Balancer> balancers;
    /** By slot, as connections are dealt out. Replaced by the master's thread. */
    private volatile List<Worker> ready = List.of();
    /** Balancers that no thread uses now. */
    private final Deque<GuardedBalancer> idle = new ConcurrentLinkedDeque<>();

    ReadyTargets(String cluster, Supplier<Balancer> balancers) {
        this.cluster = cluster;
        this.balancers = balancers;
    }

    /** Takes one in or out; the master's thread. */
    void admit(Worker worker, boolean admit) {
        List<Worker> now = ready;
        if (now.contains(worker) != admit) {
            List<Worker> next = new ArrayList<>(now);
            if (admit) {
                next.add(worker);
                next.sort(GuardedBalancer.ORDER);
            } else {
                next.remove(worker);
            }
            ready = List.copyOf(next);
        }
    }

    /** Sends to one of them; if that ends meanwhile, to another. */
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

    /** Sends to all of them, and waits for none. Returns how many took it. */
    int broadcast(Object message) {
        int taken = 0;
        for (Worker worker : ready) {
            taken += worker.trySend(message) ? 1 : 0;
        }
        return taken;
    }

    /**
     * Returns the balancer's choice. A balancer is promised one caller at a time, and user code runs under no lock: so each call takes a
     * balancer that no other call uses, and creates one if there is none. One sender at a time always gets the same one.
     *
     * @throws CorralException if no worker is ready
     */
    private Worker choose() {
        List<Worker> now = ready;
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
