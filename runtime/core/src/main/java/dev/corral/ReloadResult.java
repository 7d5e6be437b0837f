package dev.corral;

import java.time.Duration;
import java.util.Optional;

/** How a reload ended. Afterwards all workers run the same program: the new one or the old one. */
public sealed interface ReloadResult {
    /**
     * Every slot runs the new program, and the last of the old workers has ended.
     *
     * @param replaced the number of slots that were replaced
     * @param fingerprint the {@link Program#fingerprint} of the new program
     * @param took the time from the start of the reload, after it waited for its turn, to the end of the last old
     *        worker
     */
    record Completed(int replaced, String fingerprint, Duration took) implements ReloadResult {}

    /**
     * Every slot runs the old program, as before.
     *
     * @param slot the slot whose replacement failed; -1 if none did
     * @param why the reason, for people
     * @param exit the end of the worker that failed, if there was one
     */
    record Aborted(int slot, String why, Optional<Exit> exit) implements ReloadResult {}
}
