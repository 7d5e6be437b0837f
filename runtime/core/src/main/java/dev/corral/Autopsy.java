package dev.corral;

import java.time.Duration;
import java.util.List;

/**
 * Why a silent worker was condemned, taken before it was killed: nobody has to reproduce a hang to see it.
 *
 * @param silence for how long nothing had moved
 * @param cpuBurnt by the silent thread during that time; zero where that is not known
 * @param stacks of the silent thread first, then of others of the worker that were running or waited for a lock, each with its
 *     name and state
 * @param stats the worker's accounts of that moment
 */
public record Autopsy(Verdict verdict, Duration silence, Duration cpuBurnt, List<String> stacks, WorkerStats stats) {
    /** Copies the list. */
    public Autopsy {
        stacks = List.copyOf(stacks);
    }

    /** What a silent worker does. */
    public enum Verdict {
        /** A carrier or a platform thread burns CPU in one task. */
        SPINNING,
        /** A carrier stands still inside a task, and so many others do that it cannot be given another thread. */
        STUCK,
        /** A server of it accepts no connections, and will not: see {@link HeartbeatPolicy}. */
        NOT_SERVING,
        /** It was to say that it is ready, and has not by the start deadline. */
        NOT_READY
    }

    /** One line for a log: verdict, silence, CPU, and where the silent thread was. */
    @Override
    public String toString() {
        String where = stacks.isEmpty() ? "" : ", in " + stacks.getFirst().replaceFirst("\\R[\\s\\S]*", "");
        return verdict + " for " + silence.toMillis() + " ms (" + cpuBurnt.toMillis() + " ms of CPU)" + where;
    }
}
