package dev.corral.master;

import dev.corral.ExitReason;
import dev.corral.supervision.RestartHistory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the places that workers come and go in. Belongs to the master's thread. */
final class Slot {
    final int number;
    final Map<String, String> env;
    /** Unique and rising; numbers are used again. */
    final long order;
    RestartHistory history;
    /** What held before a reload gave it other code; null unless that reload may still have to go back. */
    @Nullable
    Before before;
    /** The worker that stands for the slot; null during back-off and after it gave up. */
    @Nullable
    WorkerHandle current;
    /** One that is to take its place when it is ready. */
    @Nullable
    WorkerHandle replacement;
    /** Of the replacement, while there is one. */
    String why = "";
    /** Likewise, where it is for the memory of the worker that it replaces. */
    ExitReason.@Nullable OverMemory overMemory;
    /** Runs when a replacement that is ready takes over although it lacks a port of the old worker; null while none waits for that. */
    ControlLoop.@Nullable Timer handover;
    /** Runs when a delayed restart is due. */
    ControlLoop.@Nullable Timer timer;
    /** Whether nothing follows the worker of now. */
    boolean closing;
    boolean gaveUp;
    /** Of those who come into it. */
    int weight = WorkerHandle.DEFAULT_WEIGHT;

    /** To be restored. */
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
