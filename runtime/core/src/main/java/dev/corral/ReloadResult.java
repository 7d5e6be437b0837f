package dev.corral;

import java.time.Duration;
import java.util.Optional;

/** How a reload ended. Workers of only one program are left then. */
public sealed interface ReloadResult {
    /**
     * Every slot runs the new code, and the last of the old workers has ended.
     *
     * @param replaced slots
     * @param fingerprint of the new code, as {@link Program#fingerprint} tells it
     * @param took from its turn on to the end of the last old worker
     */
    record Completed(int replaced, String fingerprint, Duration took) implements ReloadResult {}

    /**
     * Every slot runs the old code, as before.
     *
     * @param slot whose replacement failed; -1 where none is to blame
     * @param why for people
     * @param exit of the worker that failed, if there was one
     */
    record Aborted(int slot, String why, Optional<Exit> exit) implements ReloadResult {}
}
