package dev.corral.port;

import dev.corral.Balancer;
import dev.corral.Worker;
import dev.corral.balance.GuardedBalancer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable list of the workers that may get connections of a port, ordered by slot. Of two workers in one slot, the
 * older one comes first.
 */
final class ReadyWorkers {
    static final ReadyWorkers NONE = new ReadyWorkers(List.of());

    private final List<Worker> workers;
    private final IdentityHashMap<Worker, PortShare> shares = new IdentityHashMap<>();

    private ReadyWorkers(List<PortShare> eligible) {
        List<Worker> all = new ArrayList<>();
        for (PortShare share : eligible) {
            Worker worker = share.worker().worker();
            all.add(worker);
            shares.put(worker, share);
        }
        all.sort(GuardedBalancer.ORDER);
        workers = Collections.unmodifiableList(all);
    }

    static ReadyWorkers of(List<PortShare> shares) {
        return new ReadyWorkers(shares.stream().filter(PortShare::isEligible).toList());
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** Whether one of the workers still accepts connections, apart from lack of room. */
    boolean hasOpen() {
        return shares.values().stream().anyMatch(PortShare::isOpen);
    }

    /** Returns the workers in the order in which {@link Balancer#choose} receives them. */
    List<Worker> workers() {
        return workers;
    }

    /** Returns the worker's share; null if the worker is not in this list. */
    @Nullable
    PortShare shareOf(@Nullable Worker worker) {
        return shares.get(worker);
    }
}
