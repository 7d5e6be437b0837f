package dev.corral.report;

import dev.corral.WorkerStats.Cpu;
import dev.corral.WorkerStats.Heartbeat;
import dev.corral.WorkerStats.Memory;
import dev.corral.WorkerStats.Traffic;
import java.time.Duration;

/** The figures of one worker at one moment; see {@link dev.corral.WorkerStats}. */
public record WorkerFigures(Cpu cpu, Memory memory, Traffic traffic, Heartbeat heartbeat, int unwoven) {
    /** The figures of a worker that has used nothing. */
    public static final WorkerFigures NONE = new WorkerFigures(Cpu.NONE, Memory.NONE, Traffic.NONE, Heartbeat.NONE, 0);

    /** Returns the same figures with another usage. */
    public WorkerFigures with(Usage usage) {
        var now = new Cpu(usage.cpu(), cpu.busy(), cpu.virtualThreads(), cpu.platformThreads(), cpu.runQueue());
        return new WorkerFigures(now, usage.memory(), traffic, heartbeat, unwoven);
    }

    /**
     * The resources that the worker has used.
     *
     * @param cpu CPU time
     */
    public record Usage(Duration cpu, Memory memory) {}
}
