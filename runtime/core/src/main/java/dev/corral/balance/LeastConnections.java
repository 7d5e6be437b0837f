package dev.corral.balance;

import dev.corral.Balancer;
import dev.corral.Worker;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Chooses the worker with the fewest connections in proportion to its weight. Workers with equal load take turns. */
public final class LeastConnections implements Balancer {
    private final Weighted equals = new Weighted();

    @Override
    public Worker choose(InetSocketAddress client, List<Worker> ready) {
        List<Worker> fewest = new ArrayList<>(ready.size());
        double least = Double.POSITIVE_INFINITY;
        for (Worker worker : ready) {
            double load = worker.connections() / (double) worker.weight();
            if (load < least) {
                fewest.clear();
                least = load;
            }
            if (load <= least) {
                fewest.add(worker);
            }
        }
        return equals.choose(client, fewest.isEmpty() ? ready : fewest);
    }
}
