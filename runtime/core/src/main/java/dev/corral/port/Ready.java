package dev.corral.port;

import dev.corral.Balancer;
import dev.corral.Worker;
import dev.corral.balance.GuardedBalancer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may get connections of a port: a snapshot, by slot; where two are in one slot, the older one first. */
final class Ready {
    static final Ready NONE = new Ready(List.of());

    private final List<Worker> workers;
    private final IdentityHashMap<Worker, Share> shares = new IdentityHashMap<>();

    private Ready(List<Share> eligible) {
        List<Worker> all = new ArrayList<>();
        for (Share share : eligible) {
            Worker worker = share.worker().worker();
            all.add(worker);
            shares.put(worker, share);
        }
        all.sort(GuardedBalancer.ORDER);
        workers = Collections.unmodifiableList(all);
    }

    static Ready of(List<Share> shares) {
        return new Ready(shares.stream().filter(Share::isEligible).toList());
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** Whether one of them still takes connections, if it has room. */
    boolean hasOpen() {
        return shares.values().stream().anyMatch(Share::isOpen);
    }

    /** In the order in which {@link Balancer#choose} is given them. */
    List<Worker> workers() {
        return workers;
    }

    /** Null if the worker is none of them. */
    @Nullable
    Share shareOf(@Nullable Worker worker) {
        return shares.get(worker);
    }
}
