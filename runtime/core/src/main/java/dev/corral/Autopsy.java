package dev.corral;

import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.List;

/**
 * Why a silent worker was killed. Corral records it before the kill, so that nobody has to reproduce a hang to see its
 * cause.
 *
 * @param verdict what the worker did
 * @param silence the time since the last progress
 * @param cpuBurnt the CPU time of the silent thread during the silence; zero where it is not known
 * @param stacks the stack of the silent thread first, then those of other threads of the worker that were running or
 *        waited for a lock, each with name and state
 * @param stats the worker's figures at that moment
 */
public record Autopsy(Verdict verdict, Duration silence, Duration cpuBurnt, List<String> stacks, WorkerStats stats) {
    /** Creates the record and copies the list. */
    public Autopsy {
        stacks = List.copyOf(stacks);
    }

    /** What a silent worker does. */
    public enum Verdict {
        /** A carrier or a platform thread uses CPU time in one task without end. */
        SPINNING,
        /**
         * A carrier is blocked inside a task, and Corral cannot add another one, because too many others are blocked as
         * well.
         */
        STUCK,
        /** A server of the worker accepts no connections, and will not accept any: see {@link HeartbeatPolicy}. */
        NOT_SERVING,
        /** The worker had to report that it is ready, and had not done so at the start deadline. */
        NOT_READY
    }

    /** Returns one line for a log: verdict, silence, CPU time, and where the silent thread was. */
    @Override
    public String toString() {
        String where = stacks.isEmpty() ? "" : ", in " + stacks.getFirst().replaceFirst("\\R[\\s\\S]*", "");
        return verdict + " for " + Quantities.text(silence) + " (" + Quantities.text(cpuBurnt) + " of CPU)" + where;
    }
}
