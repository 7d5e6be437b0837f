package dev.corral.redirect.thread;

import dev.corral.redirect.CurrentWorker;
import java.util.Timer;

/**
 * A timer that is recorded by its worker, so that it can be cancelled. Until then the JDK's cleaner holds its thread,
 * even a dead one, and the thread holds its context class loader. Woven code of a worker creates and extends this class
 * instead of {@link Timer}.
 */
@SuppressWarnings("this-escape") // into the set of timers to cancel
public class TrackedTimer extends Timer {
    /** As {@link Timer#Timer()}. */
    public TrackedTimer() {
        track();
    }

    /** As {@link Timer#Timer(boolean)}. */
    public TrackedTimer(boolean daemon) {
        super(daemon);
        track();
    }

    /** As {@link Timer#Timer(String)}. */
    public TrackedTimer(String name) {
        super(name);
        track();
    }

    /** As {@link Timer#Timer(String, boolean)}. */
    public TrackedTimer(String name, boolean daemon) {
        super(name, daemon);
        track();
    }

    private void track() {
        PlatformThreadMaking making = CurrentWorker.redirect(PlatformThreadMaking.class);
        if (making != null) {
            making.made(this);
        }
    }
}
