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
 * @param undelivered messages that it had not taken, in order, as copies for the embedding program; those whose types that one does not
 *     know as text. Asks are not among them: who has asked is told
 * @param abandonedThreads threads that no force could end, each with what it was doing; empty in a clean end
 */
public record Exit(long worker, int slot, int code, ExitReason reason, Duration uptime, WorkerStats last,
        List<String> output, List<Object> undelivered, List<String> abandonedThreads) {
    /** Copies the lists. */
    public Exit {
        output = List.copyOf(output);
        undelivered = List.copyOf(undelivered);
        abandonedThreads = List.copyOf(abandonedThreads);
    }

    /** The same, without what it had not taken: for those whom that does not concern. */
    public Exit withoutUndelivered() {
        return undelivered.isEmpty() ? this
                : new Exit(worker, slot, code, reason, uptime, last, output, List.of(), abandonedThreads);
    }

    /** One line for a log: worker, slot, code, reason, uptime. */
    @Override
    public String toString() {
        return "worker " + worker + " (slot " + slot + ") exited with code " + code + ": " + reason + ", after "
                + uptime.toMillis() + " ms"
                + (undelivered.isEmpty() ? "" : ", " + undelivered.size() + " messages undelivered")
                + (abandonedThreads.isEmpty() ? "" : ", " + abandonedThreads.size() + " threads abandoned");
    }
}
