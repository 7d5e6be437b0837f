package dev.corral.cli;

import dev.corral.WorkerStats.Heartbeat;
import dev.corral.WorkerStats.Traffic;
import dev.corral.WorkerStats.Memory;
import dev.corral.WorkerStats.Cpu;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;
import java.time.Duration;
import java.util.OptionalLong;

/** What tests of the advice have seen. */
final class Observed {
    static final long MB = 1 << 20;

    private Observed() {}

    /** Accounts of a worker; negative: not known. In megabytes. */
    static WorkerStats worker(long id, int slot, long allocated, long live, long metaspace) {
        return new WorkerStats(id, slot, WorkerState.READY, Duration.ofHours(1), Cpu.NONE,
                new Memory(allocated * MB, megabytes(live), 0, megabytes(metaspace)), Traffic.NONE, Heartbeat.NONE, 0);
    }

    static OptionalLong megabytes(long count) {
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count * MB);
    }
}
