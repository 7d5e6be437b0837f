package dev.corral;

import java.time.Duration;
import java.util.List;

/**
 * How a worker ended. Holds no object of the dead isolate.
 *
 * @param worker its id
 * @param code the program's own; 0 when it ended on request; 1 crashed; 137 ended by force
 * @param uptime from fork to end
 * @param last its last accounts
 * @param output the last lines that it printed, at most 200
 * @param abandonedThreads threads that no force could end, each with what it was doing; empty in a clean end
 */
public record Exit(long worker, int slot, int code, ExitReason reason, Duration uptime, WorkerStats last,
        List<String> output, List<String> abandonedThreads) {
    /** Copies the lists. */
    public Exit {
        output = List.copyOf(output);
        abandonedThreads = List.copyOf(abandonedThreads);
    }

    /** One line for a log: worker, slot, code, reason, uptime. */
    @Override
    public String toString() {
        return "worker " + worker + " (slot " + slot + ") exited with code " + code + ": " + reason + ", after "
                + uptime.toMillis() + " ms"
                + (abandonedThreads.isEmpty() ? "" : ", " + abandonedThreads.size() + " threads abandoned");
    }
}
