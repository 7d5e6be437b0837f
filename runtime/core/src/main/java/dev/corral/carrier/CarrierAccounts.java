package dev.corral.carrier;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources that the carriers of one scheduler have used, including carriers that have left. A carrier has its
 * thread for a limited time, so its account is what the thread uses between start and end of the carrier. Takes no
 * lock. Any thread may ask, also a virtual thread on one of these carriers.
 *
 * <p>At any moment each account is in exactly one place: among the open ones, or in the sum of the closed ones. Both
 * are replaced together, so no reader sees an account twice or not at all.
 */
final class CarrierAccounts {
    private final AtomicReference<State> state = new AtomicReference<>(new State(List.of(), ThreadUsage.NONE));

    private record State(List<Account> open, ThreadUsage closed) {}

    /** The account of one carrier. */
    static final class Account {
        /** Reads what the thread has used since its start; null if the thread has ended. */
        private final Supplier<@Nullable ThreadUsage> reading;
        private final ThreadUsage atStart;
        /** The reading at the end; null before. Written once, by the carrier's thread, before it does anything else. */
        private volatile @Nullable ThreadUsage atEnd;

        private Account(Supplier<@Nullable ThreadUsage> reading, ThreadUsage atStart) {
            this.reading = reading;
            this.atStart = atStart;
        }

        /**
         * Returns what the carrier has used. The current reading counts only if the carrier had not ended when it was
         * taken, because the thread may carry for another worker by now.
         */
        private ThreadUsage used() {
            ThreadUsage now = reading.get();
            ThreadUsage end = atEnd;
            if (end != null) {
                return end.since(atStart);
            }
            return now == null ? ThreadUsage.NONE : now.since(atStart);
        }
    }

    /**
     * Opens an account for the current thread, which begins to carry.
     *
     * @param reading reads the usage of the current thread
     */
    Account open(Supplier<@Nullable ThreadUsage> reading) {
        ThreadUsage now = reading.get();
        var account = new Account(reading, now == null ? ThreadUsage.NONE : now);
        State before;
        State after;
        do { // no lambda: to link one takes longer than the rest of starting a carrier
            before = state.get();
            List<Account> open = new ArrayList<>(before.open);
            open.add(account);
            after = new State(open, before.closed);
        } while (!state.compareAndSet(before, after));
        return account;
    }

    /** Closes an account. Called by the thread that has opened it and carries no more. */
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

    /** Returns the sum of all accounts up to now. It is never less than an earlier result. */
    ThreadUsage sum() {
        State now = state.get();
        ThreadUsage sum = now.closed;
        for (Account account : now.open) {
            sum = sum.plus(account.used());
        }
        return sum;
    }
}
