package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Whether a carrier moves: it has missed a look if it was inside the same task at the look before, and has loaded no class meanwhile. Classes
 * excuse a task for the first minute of CPU that it burns.
 */
public final class CarrierMonitor {
    /** Share of the time that a task which computes gets at least, even on a busy machine. */
    private static final double COMPUTING = 0.05;

    private final Rules rules;
    private boolean seen;
    private long position;
    private int missed;
    private long sinceNanos;
    private long sinceCpuNanos;
    private long lastCpuNanos;
    /** When the task was seen first. */
    private long taskCpuNanos;

    /** Of one carrier under this policy. */
    public CarrierMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /** What can be seen of a carrier. */
    public interface Readings {
        /** Odd inside a task, raised at each boundary. */
        long position();

        /** CPU burnt so far; negative if that is not known. */
        long cpuNanos();

        /** Whether it neither waits nor is blocked, as far as Java knows. */
        boolean isRunnable();

        /** Whether what it runs has loaded a class since the look before. */
        boolean loadsClasses();

        /** Has another one take its place. False if there are too many already. */
        boolean relieve();
    }

    /** One look; null if it moves, or waits where it disturbs nobody. */
    public @Nullable Silence look(Round round, Readings readings) {
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
            return null; // it may stand for ever: others take the tasks
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
