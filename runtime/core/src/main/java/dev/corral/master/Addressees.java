package dev.corral.master;

import dev.corral.Balancer;
import dev.corral.CorralException;
import dev.corral.Worker;
import dev.corral.balance.GuardedBalancer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who gets messages that are for any worker or for all: those that connections go to as well. */
final class Addressees {
    private static final Comparator<Worker> ORDER =
            Comparator.comparingInt(Worker::slot).thenComparingLong(Worker::id);
    /** Stands for the client, for balancers that ask. */
    private static final InetSocketAddress MASTER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final String cluster;
    private final Supplier<Balancer> balancers;
    /** By slot, as connections are dealt out. Replaced by the master's thread. */
    private volatile List<Worker> ready = List.of();
    /** Made at the first use. Guarded by the monitor. */
    private @Nullable GuardedBalancer balancer;

    Addressees(String cluster, Supplier<Balancer> balancers) {
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
                next.sort(ORDER);
            } else {
                next.remove(worker);
            }
            ready = List.copyOf(next);
        }
    }

    /** All of them. */
    List<Worker> ready() {
        return ready;
    }

    /**
     * The balancer's choice.
     *
     * @throws CorralException if there is none
     */
    synchronized Worker choose() {
        List<Worker> now = ready;
        if (now.isEmpty()) {
            throw new CorralException("no worker of " + cluster + " is ready to take the message");
        }
        if (balancer == null) {
            balancer = new GuardedBalancer(balancers.get());
        }
        return balancer.choose(MASTER, now);
    }
}
