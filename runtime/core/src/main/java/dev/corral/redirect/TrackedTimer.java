package dev.corral.redirect;

import java.util.Timer;

/**
 * A timer that its worker knows, so that it can be cancelled: until then the JDK's cleaner holds its thread, also one that is
 * dead, and the thread its context class loader. Woven code of a worker makes and extends this class in place of
 * {@link Timer}.
 */
@SuppressWarnings("this-escape") // into a set of what is to be cancelled
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
        PlatformThreadMaking making = JvmWide.ofCurrentThread(PlatformThreadMaking.class);
        if (making != null) {
            making.made(this);
        }
    }
}
