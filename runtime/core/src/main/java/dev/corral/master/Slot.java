package dev.corral.master;

import dev.corral.ExitReason;
import dev.corral.supervision.RestartHistory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One slot of a cluster: a place in which workers follow each other. Belongs to the master's thread. */
final class Slot {
    final int number;
    final Map<String, String> env;
    /** The position of this slot in the order of all that were opened. Numbers are used again, positions are not. */
    final long order;
    RestartHistory history;
    /** The state before a reload gave the slot other code; null unless that reload may still go back. */
    @Nullable
    Before before;
    /** The current worker; null during back-off and after the slot gave up. */
    @Nullable
    WorkerHandle current;
    /** The worker that becomes current when it is ready; null if none is on the way. */
    @Nullable
    WorkerHandle replacement;
    /** Why the replacement was forked. Means nothing while there is none. */
    String why = "";
    /** The excess of memory for which the replacement was forked; null if it was forked for another reason. */
    ExitReason.@Nullable OverMemory overMemory;
    /** Ends the wait of a ready replacement for a port of the old worker; null while it does not wait. */
    ControlLoop.@Nullable Timer handover;
    /** Runs a delayed restart; null if none is due. */
    ControlLoop.@Nullable Timer timer;
    /** Whether no worker follows the current one. */
    boolean closing;
    boolean gaveUp;
    /** The weight of workers that come into this slot. */
    int weight = WorkerHandle.DEFAULT_WEIGHT;

    /** The state of a slot that a failed reload restores. */
    record Before(RestartHistory history, boolean gaveUp) {}

    Slot(int number, long order, Map<String, String> env, RestartHistory history) {
        this.number = number;
        this.order = order;
        this.env = env;
        this.history = history;
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
