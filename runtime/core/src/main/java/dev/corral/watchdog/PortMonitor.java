package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server takes the connections that it is handed: it has missed a look if one waited already at the look before. That a server
 * takes nothing is no proof that it never will: it may be busy with one long request. So there is a verdict only where the policy sets a
 * time for it.
 */
public final class PortMonitor {
    private final Rules rules;
    private OptionalLong oldest = OptionalLong.empty();
    private int missed;
    private long sinceNanos;

    /** Of one port of a worker under this policy. */
    public PortMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /**
     * One look; null if nothing waits, or only by the fault of the machine.
     *
     * @param oldest number of the connection that has waited longest; empty if none waits
     * @param starved whether threads of the worker could not run since the look before; asked only where a connection waits
     */
    public @Nullable Silence look(Round round, OptionalLong oldest, BooleanSupplier starved) {
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
