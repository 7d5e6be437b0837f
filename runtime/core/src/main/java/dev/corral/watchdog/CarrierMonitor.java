package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a carrier makes progress. A carrier misses a check if it was inside the same task at the previous
 * check and has loaded no class since. Loading classes excuses a task for the first minute of CPU time that the task
 * uses.
 */
public final class CarrierMonitor {
    /** The share of the time that a computing task gets at least, even on a busy machine. */
    private static final double COMPUTING = 0.05;

    private final Rules rules;
    private boolean seen;
    private long position;
    private int missed;
    private long sinceNanos;
    private long sinceCpuNanos;
    private long lastCpuNanos;
    /** The CPU time of the carrier when the task was first seen. */
    private long taskCpuNanos;

    /** Creates the monitor of one carrier under a policy. */
    public CarrierMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /** The readings of a carrier. */
    public interface Readings {
        /** Returns a number that increases at the start and at the end of each task, and is odd inside a task. */
        long position();

        /** Returns the CPU time used so far; negative if it is not known. */
        long cpuNanos();

        /** Returns whether the carrier neither waits nor is blocked, as far as Java knows. */
        boolean isRunnable();

        /** Returns whether the code that the carrier runs has loaded a class since the previous check. */
        boolean loadsClasses();

        /** Adds another carrier that takes its place. Returns false if there are too many already. */
        boolean relieve();
    }

    /** Checks the carrier. Returns null if it makes progress, or if it waits and another carrier takes its place. */
    public @Nullable Silence check(Round round, Readings readings) {
        long now = readings.position();
        boolean inside = (now & 1) == 1;
        long cpu = inside ? readings.cpuNanos() : 0;
        boolean isOther = !inside || !seen || now != position;
        if (isOther) {
            seen = true;
            position = now;
            taskCpuNanos = cpu;
        }
        if (isOther || (Rules.excusesLoading(cpu - taskCpuNanos) && readings.loadsClasses())) {
            missed = 0;
            sinceNanos = round.nowNanos();
            sinceCpuNanos = cpu;
            lastCpuNanos = cpu;
            return null;
        }
        boolean computes = cpu < 0 || cpu - lastCpuNanos > round.elapsedNanos() * COMPUTING;
        lastCpuNanos = cpu;
        boolean spins = computes && readings.isRunnable();
        if (!spins && readings.relieve()) {
            return null; // it may wait for ever, because another carrier takes the tasks
        }
        missed += round.counts() ? 1 : 0;
        if (missed == 0) {
            return null;
        }
        long silence = round.nowNanos() - sinceNanos;
        long burnt = cpu - sinceCpuNanos;
        return spins ? rules.spinning(missed, silence, burnt) : rules.stuck(missed, silence, burnt);
    }
}
