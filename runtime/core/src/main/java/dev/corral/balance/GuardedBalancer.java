package dev.corral.balance;

import static java.util.Objects.requireNonNull;

import dev.corral.Balancer;
import dev.corral.Worker;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A balancer that always chooses a worker: if the user's balancer fails, round robin chooses. Called by one thread at a
 * time.
 */
public final class GuardedBalancer {
    private static final Log LOG = Log.get();

    /**
     * The order in which {@link Balancer#choose} receives workers: by slot; of two workers in one slot, the older one
     * first.
     */
    public static final Comparator<Worker> ORDER =
            Comparator.comparingInt(Worker::slot).thenComparingLong(Worker::id);

    private final Balancer balancer;
    /** Chooses if the user's balancer fails. */
    private final Balancer fallback = Balancer.roundRobin();
    private boolean failureReported;

    /** Guards this balancer. */
    public GuardedBalancer(Balancer balancer) {
        this.balancer = balancer;
    }

    /**
     * Returns the balancer that the user's supplier creates; round robin if the supplier fails. The caller holds no
     * lock.
     */
    public static Balancer supplied(Supplier<Balancer> balancers) {
        try {
            return requireNonNull(balancers.get(), "the supplier of balancers returned null");
        } catch (RuntimeException | Error e) { // whatever user code throws
            LOG.log(Level.ERROR, "no balancer could be created; round robin is used instead", e);
            return Balancer.roundRobin();
        }
    }

    /** Chooses one of these workers, of which there is at least one. */
    public Worker choose(InetSocketAddress client, List<Worker> ready) {
        try {
            Worker chosen = balancer.choose(client, ready);
            if (ready.contains(chosen)) {
                return chosen;
            }
            report("chose " + chosen + ", which was not offered", null);
        } catch (RuntimeException | Error e) { // whatever user code throws
            report("threw", e);
        }
        return fallback.choose(client, ready);
    }

    /** Reports the first failure only: there may be 50,000 connections per second. */
    private void report(String what, @Nullable Throwable thrown) {
        if (!failureReported) {
            failureReported = true;
            LOG.log(Level.ERROR,
                    () -> "the balancer " + balancer + " " + what + "; round robin is used whenever that happens",
                    thrown);
        }
    }
}
