package dev.corral.master;

import dev.corral.supervision.RestartHistory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One of the places that workers come and go in. Belongs to the master's thread. */
final class Slot {
    final int number;
    final Map<String, String> env;
    final RestartHistory history;
    /** The worker that stands for the slot; null during back-off and after it gave up. */
    @Nullable
    MasterWorker current;
    /** One that is to take its place when it is ready. */
    @Nullable
    MasterWorker replacement;
    /** Runs when a delayed restart is due, or a replacement is too late. */
    ControlLoop.@Nullable Timer timer;
    /** Whether nothing follows the worker of now. */
    boolean closing;
    boolean gaveUp;
    /** Of those who come into it. */
    int weight = MasterWorker.DEFAULT_WEIGHT;

    Slot(int number, Map<String, String> env, RestartHistory history) {
        this.number = number;
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
