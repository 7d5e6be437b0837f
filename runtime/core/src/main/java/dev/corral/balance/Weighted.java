package dev.corral.balance;

import dev.corral.Balancer;
import dev.corral.Worker;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Smooth weighted round robin: in each turn the credit of every worker grows by its weight. The worker with the most
 * credit is chosen, and its credit is reduced by the sum of all weights.
 */
public final class Weighted implements Balancer {
    private final IdentityHashMap<Worker, Credit> credits = new IdentityHashMap<>();

    private static final class Credit {
        long value;
    }

    @Override
    public Worker choose(InetSocketAddress client, List<Worker> ready) {
        if (credits.size() > 2 * ready.size()) { // removes workers that have left
            credits.keySet().retainAll(ready);
        }
        Worker best = ready.getFirst();
        Credit most = null;
        long total = 0;
        for (Worker worker : ready) {
            int weight = worker.weight();
            Credit credit = credits.computeIfAbsent(worker, _ -> new Credit());
            credit.value += weight;
            total += weight;
            if (most == null || credit.value > most.value) {
                best = worker;
                most = credit;
            }
        }
        if (most != null) {
            most.value -= total;
        }
        return best;
    }
}
