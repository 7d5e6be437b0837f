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

/** A balancer that always chooses: where the user's fails, the turn goes round. For one thread at a time. */
public final class GuardedBalancer {
    private static final Log LOG = Log.get();

    /** In which {@link Balancer#choose} is given workers: by slot; where two are in one slot, the older one first. */
    public static final Comparator<Worker> ORDER =
            Comparator.comparingInt(Worker::slot).thenComparingLong(Worker::id);

    private final Balancer balancer;
    /** Stands in for a balancer that fails. */
    private final Balancer fallback = Balancer.roundRobin();
    private boolean failureTold;

    /** Guards this one. */
    public GuardedBalancer(Balancer balancer) {
        this.balancer = balancer;
    }

    /** The balancer that the user's supplier returns; round robin if it fails. The caller holds no lock. */
    public static Balancer supplied(Supplier<Balancer> balancers) {
        try {
            return requireNonNull(balancers.get(), "the supplier of balancers returned null");
        } catch (RuntimeException | Error e) { // whatever user code throws
            LOG.log(Level.ERROR, "no balancer could be created; round robin takes its place", e);
            return Balancer.roundRobin();
        }
    }

    /** One of these workers, of which there is at least one. */
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

    /** Once; at 50,000 connections a second that is enough. */
    private void report(String what, @Nullable Throwable thrown) {
        if (!failureTold) {
            failureTold = true;
            LOG.log(Level.ERROR,
                    () -> "the balancer " + balancer + " " + what + "; the turn goes round instead, here and "
                            + "whenever that happens again",
                    thrown);
        }
    }
}
