package dev.corral.report;

import dev.corral.carrier.ThreadUsage;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what threads have used, as of the last reading of each. A thread that has ended stays in the sum. Takes no
 * lock.
 *
 * <p>An update reads the threads between taking the state and replacing it. It is repeated if another update came in
 * between. A thread that can be read is alive, so it was not settled before. No thread is settled twice, because it
 * leaves the open ones when it is settled. So an outdated list of threads does no harm.
 */
final class Ledger<T> {
    /** Reads what a thread has used since its start; null once it has ended, and always after that. */
    private final Function<T, @Nullable ThreadUsage> reading;
    private final AtomicReference<State<T>> state = new AtomicReference<>(
            new State<>(new IdentityHashMap<>(), ThreadUsage.NONE, ThreadUsage.NONE));

    /**
     * An immutable state of the ledger.
     *
     * @param open the threads that were alive at the last update, with their usage
     * @param settled the usage of ended threads, as of the last reading of each
     * @param sum the sum of both
     */
    private record State<T>(IdentityHashMap<T, ThreadUsage> open, ThreadUsage settled, ThreadUsage sum) {}

    Ledger(Function<T, @Nullable ThreadUsage> reading) {
        this.reading = reading;
    }

    /**
     * Reads these threads, and the open ones.
     *
     * @return the sum of all; never less than before
     */
    ThreadUsage update(Collection<T> threads) {
        return update(threads, null);
    }

    /**
     * Reads these threads, and the open ones.
     *
     * @param ended the exact usage of ended threads, as of a moment before; null if it is not known
     * @return the sum of all; never less than before
     */
    ThreadUsage update(Collection<T> threads, @Nullable ThreadUsage ended) {
        while (true) {
            State<T> before = state.get();
            State<T> now = after(before, threads, ended);
            if (state.compareAndSet(before, now)) {
                return now.sum;
            }
        }
    }

    private State<T> after(State<T> before, Collection<T> threads, @Nullable ThreadUsage ended) {
        IdentityHashMap<T, ThreadUsage> open = new IdentityHashMap<>();
        ThreadUsage settled = before.settled;
        for (Map.Entry<T, ThreadUsage> each : before.open.entrySet()) {
            ThreadUsage now = reading.apply(each.getKey());
            if (now == null) {
                settled = settled.plus(each.getValue());
            } else {
                open.put(each.getKey(), now.max(each.getValue()));
            }
        }
        for (T thread : threads) {
            ThreadUsage now = before.open.containsKey(thread) ? null : reading.apply(thread);
            if (now != null) {
                open.put(thread, now);
            }
        }
        if (ended != null) {
            settled = before.settled.max(ended);
        }
        ThreadUsage sum = settled;
        for (ThreadUsage each : open.values()) {
            sum = sum.plus(each);
        }
        return new State<>(open, settled, sum.max(before.sum)); // a thread that ended just now is in neither part
    }
}
