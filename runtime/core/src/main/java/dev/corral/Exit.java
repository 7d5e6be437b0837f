package dev.corral;

import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.List;

/**
 * How a worker ended. Refers to no object of the ended worker.
 *
 * @param worker the worker's id
 * @param slot the worker's slot
 * @param code the program's own code; 0 if the worker ended on request; 1 if it crashed; 137 if it was killed
 * @param reason why the worker ended
 * @param uptime the time from fork to end
 * @param last the worker's last figures
 * @param output the last lines that the worker printed, at most 200
 * @param undelivered the messages that the worker had not taken, in order, as copies for the embedding program. A
 *        message whose types the embedding program does not know is a text. Messages of {@link Worker#ask} are not
 *        included, because the caller gets an exception
 * @param abandonedThreads the threads that could not be ended, each with what it was doing; empty after a clean end
 */
public record Exit(long worker, int slot, int code, ExitReason reason, Duration uptime, WorkerStats last,
        List<String> output, List<Object> undelivered, List<String> abandonedThreads) {
    /** Creates the record and copies the lists. */
    public Exit {
        output = List.copyOf(output);
        undelivered = List.copyOf(undelivered);
        abandonedThreads = List.copyOf(abandonedThreads);
    }

    /** Returns a copy without the undelivered messages, for receivers that must not see them. */
    public Exit withoutUndelivered() {
        return undelivered.isEmpty() ? this
                : new Exit(worker, slot, code, reason, uptime, last, output, List.of(), abandonedThreads);
    }

    /** Returns one line for a log: worker, slot, code, reason, uptime. */
    @Override
    public String toString() {
        return "worker " + worker + " (slot " + slot + ") exited with code " + code + ": " + reason + ", after "
                + Quantities.text(uptime)
                + (undelivered.isEmpty() ? "" : ", " + undelivered.size() + " messages undelivered")
                + (abandonedThreads.isEmpty() ? "" : ", " + abandonedThreads.size() + " threads abandoned");
    }
}
