package dev.corral.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Figures of one worker at one moment; see {@link dev.corral.WorkerStats}.
 */
public record WorkerFigures(Usage usage, double busy, int virtualThreads, int platformThreads, int connections,
        long accepted,
        long failed, int mailbox,
        int runQueue, int missed, Latency latency, int unwoven) {
    /** Of a worker that has nothing. */
    public static final WorkerFigures NONE = new WorkerFigures(Usage.NONE, 0, 0, 0, 0, 0, 0, 0, 0, 0, Latency.NONE, 0);

    /** The same, but that it has used this. */
    public WorkerFigures with(Usage used) {
        return new WorkerFigures(used, busy, virtualThreads, platformThreads, connections, accepted, failed, mailbox,
                runQueue,
                missed,
                latency, unwoven);
    }

    /** What it has used up and holds of what is counted. */
    public record Usage(Duration cpu, long allocatedBytes, OptionalLong liveBytes, int loadedClasses,
            OptionalLong metaspaceBytes) {
        /** Nothing. */
        public static final Usage NONE = new Usage(Duration.ZERO, 0, OptionalLong.empty(), 0, OptionalLong.empty());
    }

    /** How long a task that does nothing takes; all empty while none has been measured. */
    public record Latency(Optional<Duration> p50, Optional<Duration> p99, Optional<Duration> max) {
        /** Nothing measured. */
        public static final Latency NONE = new Latency(Optional.empty(), Optional.empty(), Optional.empty());
    }
}
