package dev.corral.port;

import dev.corral.Balancer;
import dev.corral.Worker;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Deals connections of one port out, by its balancer. Owned by the acceptor. */
final class Dealer {
    private static final System.Logger LOG = System.getLogger("dev.corral");

    private final Balancer balancer;
    /** Stands in for a balancer that fails. */
    private final Balancer fallback = Balancer.roundRobin();
    private boolean failureTold;

    Dealer(Balancer balancer) {
        this.balancer = balancer;
    }

    /** False if nobody has room for the connection. */
    boolean deal(Connection connection, Ready ready) {
        List<Worker> candidates = ready.workers();
        while (!candidates.isEmpty()) {
            Worker worker = choose(connection.client(), candidates, ready);
            Share share = ready.shareOf(worker);
            if (share != null && share.offer(connection)) {
                return true;
            }
            candidates = without(candidates, worker);
        }
        return false;
    }

    private Worker choose(InetSocketAddress client, List<Worker> candidates, Ready ready) {
        try {
            Worker chosen = balancer.choose(client, candidates);
            if (ready.shareOf(chosen) != null && candidates.contains(chosen)) {
                return chosen;
            }
            report("chose " + chosen + ", which was not offered", null);
        } catch (RuntimeException | Error e) { // whatever user code throws
            report("threw", e);
        }
        return fallback.choose(client, candidates);
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

    private static List<Worker> without(List<Worker> workers, Worker worker) {
        List<Worker> others = new ArrayList<>(workers);
        others.remove(worker);
        return others;
    }
}
