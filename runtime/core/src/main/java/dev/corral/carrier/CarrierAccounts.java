package dev.corral.carrier;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the carriers of one scheduler have used, those that have left included. A carrier has its thread for a time only, so
 * its account is what that thread uses between start and end. Takes no lock: any thread may ask, a virtual thread on one of
 * these carriers as well.
 *
 * <p>Each account is, at any moment, in one place: among the open ones, or in the sum of the closed ones. Both are replaced
 * together, so nobody sees it in both or in neither.
 */
final class CarrierAccounts {
    private final AtomicReference<State> state = new AtomicReference<>(new State(List.of(), ThreadUsage.NONE));

    private record State(List<Account> open, ThreadUsage closed) {}

    /** Of one carrier. */
    static final class Account {
        /** Reads the thread's usage since its start; null if that has ended. */
        private final Supplier<@Nullable ThreadUsage> reading;
        private final ThreadUsage atStart;
        /** Set once, by the carrier's thread, before that does anything else. */
        private volatile @Nullable ThreadUsage atEnd;

        private Account(Supplier<@Nullable ThreadUsage> reading, ThreadUsage atStart) {
            this.reading = reading;
            this.atStart = atStart;
        }

        /** A reading counts only if the end had not come by then: the thread may carry for another worker since. */
        private ThreadUsage used() {
            ThreadUsage now = reading.get();
            ThreadUsage end = atEnd;
            if (end != null) {
                return end.since(atStart);
            }
            return now == null ? ThreadUsage.NONE : now.since(atStart);
        }
    }

    /** The current thread, which is read so, begins to carry. */
    Account open(Supplier<@Nullable ThreadUsage> reading) {
        ThreadUsage now = reading.get();
        var account = new Account(reading, now == null ? ThreadUsage.NONE : now);
        State before;
        State after;
        do { // no lambda: linking one takes longer than all the rest of starting a carrier
            before = state.get();
            List<Account> open = new ArrayList<>(before.open);
            open.add(account);
            after = new State(open, before.closed);
        } while (!state.compareAndSet(before, after));
        return account;
    }

    /** The current thread, which has opened it, carries no more. */
    void close(Account account) {
        ThreadUsage now = account.reading.get();
        account.atEnd = now == null ? account.atStart : now;
        ThreadUsage used = account.used();
        State before;
        State after;
        do {
            before = state.get();
            List<Account> open = new ArrayList<>(before.open);
            open.remove(account);
            after = new State(open, before.closed.plus(used));
        } while (!state.compareAndSet(before, after));
    }

    /** Of all, up to now. Never less than an earlier answer. */
    ThreadUsage sum() {
        State now = state.get();
        ThreadUsage sum = now.closed;
        for (Account account : now.open) {
            sum = sum.plus(account.used());
        }
        return sum;
    }
}
