package dev.corral.report;

import dev.corral.carrier.ThreadUsage;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what threads have used, as of the last look at each; one that has ended stays in the sum. Takes no lock.
 *
 * <p>A look reads between taking the state and replacing it, and is repeated if another came in between. A thread that it could
 * read was alive then, so it has not been settled before; and none is settled twice, since with that it leaves the open ones.
 * So a list of threads that is old by now does no harm.
 */
final class Ledger<T> {
    /** What a thread has used since its start; null once it has ended, and then for ever. */
    private final Function<T, @Nullable ThreadUsage> reading;
    private final AtomicReference<State<T>> state = new AtomicReference<>(
            new State<>(new IdentityHashMap<>(), ThreadUsage.NONE, ThreadUsage.NONE));

    /**
     * Not changed.
     *
     * @param open threads that were alive at the last look, with what they had used by then
     * @param settled what those had used that have ended, as of the last look at each
     * @param sum of both
     */
    private record State<T>(IdentityHashMap<T, ThreadUsage> open, ThreadUsage settled, ThreadUsage sum) {}

    Ledger(Function<T, @Nullable ThreadUsage> reading) {
        this.reading = reading;
    }

    /**
     * Looks at these, and at those that it has seen before.
     *
     * @return the sum of all; never less than before
     */
    ThreadUsage look(Collection<T> threads) {
        return look(threads, null);
    }

    /**
     * The same, where somebody else knows to the byte what those had used that have ended.
     *
     * @param ended as of a moment before; null if nobody knows
     */
    ThreadUsage look(Collection<T> threads, @Nullable ThreadUsage ended) {
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
        return new State<>(open, settled, sum.max(before.sum)); // one that ended just now is in neither
    }
}
