package dev.corral.port;

import dev.corral.Balancer;
import dev.corral.Worker;
import dev.corral.balance.GuardedBalancer;
import java.util.ArrayList;
import java.util.List;

/** Distributes the connections of one port by its balancer. Used by the acceptor's thread only. */
final class ConnectionDispatcher {
    private final GuardedBalancer balancer;

    ConnectionDispatcher(Balancer balancer) {
        this.balancer = new GuardedBalancer(balancer);
    }

    /** Gives the connection to a worker; false if no ready worker has room. */
    boolean deal(Connection connection, ReadyWorkers ready) {
        List<Worker> candidates = ready.workers();
        while (!candidates.isEmpty()) {
            Worker worker = balancer.choose(connection.client(), candidates);
            PortShare share = ready.shareOf(worker);
            if (share != null && share.offer(connection)) {
                return true;
            }
            candidates = without(candidates, worker);
        }
        return false;
    }

    private static List<Worker> without(List<Worker> workers, Worker worker) {
        List<Worker> others = new ArrayList<>(workers);
        others.remove(worker);
        return others;
    }
}
