package dev.corral.redirect.stdio;

import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pumps of one cluster, one for each slot. Thread-safe. */
public final class OutputPumps {
    private static final Log LOG = Log.get();
    /** Time between two checks whether all lines have been delivered. */
    private static final long LOOK_MILLIS = 5;

    private final String cluster;
    /** The pumps by slot. */
    private final Map<Integer, OutputPump> pumps = new ConcurrentHashMap<>();

    /** The pumps of the cluster of this name; none exists yet. */
    public OutputPumps(String cluster) {
        this.cluster = cluster;
    }

    /** The pump of this slot, which the first call creates. */
    OutputPump of(int slot) {
        return pumps.computeIfAbsent(slot, _ -> new OutputPump());
    }

    /**
     * Waits until the sinks have received all lines.
     *
     * @param atMost how long to wait
     * @return whether they have
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public boolean await(Duration atMost) throws InterruptedException {
        long start = System.nanoTime();
        while (!pumps.values().stream().allMatch(OutputPump::isIdle)) {
            if (Duration.ofNanos(System.nanoTime() - start).compareTo(atMost) >= 0) {
                return false;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return true;
    }

    /** Drops the lines that the sinks have not received, and logs their number. */
    public void close() {
        int lost = pumps.values().stream().mapToInt(OutputPump::close).sum();
        if (lost > 0) {
            LOG.log(Level.WARNING, "{0} lines that workers of {1} printed are lost: the output was not read in time",
                    lost,
                    cluster);
        }
    }
}
