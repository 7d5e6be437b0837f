package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a server takes its connections. It misses a check if a connection waits that waited at the previous
 * check. This does not prove that the server will never take it: it may be busy with one long request. Therefore there
 * is a verdict only if the policy sets a time for it.
 */
public final class PortMonitor {
    private final Rules rules;
    private OptionalLong oldest = OptionalLong.empty();
    private int missed;
    private long sinceNanos;

    /** Creates the monitor of one port of a worker under a policy. */
    public PortMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /**
     * Checks the port. Returns null if no connection waits, or if the machine causes the wait.
     *
     * @param oldest the number of the connection that has waited longest; empty if none waits
     * @param starved whether threads of the worker could not run since the previous check; called only if a connection
     *        waits
     */
    public @Nullable Silence check(Round round, OptionalLong oldest, BooleanSupplier starved) {
        if (oldest.isEmpty() || !oldest.equals(this.oldest)) {
            this.oldest = oldest;
            missed = 0;
            sinceNanos = round.nowNanos();
            return null;
        }
        missed += round.counts() && !starved.getAsBoolean() ? 1 : 0;
        return missed == 0 ? null : rules.notServing(missed, round.nowNanos() - sinceNanos);
    }
}
