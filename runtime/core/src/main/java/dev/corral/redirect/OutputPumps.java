package dev.corral.redirect;

import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What carries the output of one cluster's workers to its sink: one pump for each slot. */
public final class OutputPumps {
    private static final Log LOG = Log.get();
    /** Between two checks whether everything has been delivered. */
    private static final long LOOK_MILLIS = 5;

    private final String cluster;
    /** By slot. */
    private final Map<Integer, OutputPump> pumps = new ConcurrentHashMap<>();

    /** Of the cluster of this name, without a pump yet. */
    public OutputPumps(String cluster) {
        this.cluster = cluster;
    }

    /** The pump of this slot. */
    OutputPump of(int slot) {
        return pumps.computeIfAbsent(slot, _ -> new OutputPump());
    }

    /** Waits until the sink has taken all lines, at most so long; true if it has. */
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

    /** Gives up lines that the sink has not taken, and reports how many they are. */
    public void close() {
        int lost = pumps.values().stream().mapToInt(OutputPump::close).sum();
        if (lost > 0) {
            LOG.log(Level.WARNING, "{0} lines that workers of {1} printed are lost: the output was not read in time",
                    lost,
                    cluster);
        }
    }
}
