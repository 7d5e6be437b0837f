package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a platform thread of a program makes progress. Such a thread has no tasks that could be counted. It
 * misses a check if it did nothing but use CPU time since the previous check. This means: it was running or runnable
 * for all of the time that collections left it; it has not waited, read, written or loaded a class; and a method of the
 * program was on its stack at both checks. A server under full load reads and writes; a loop without end does not.
 * Loading classes excuses a thread for the first minute of CPU time in which it makes no other progress.
 */
public final class ThreadMonitor {
    /** The share of its silence for which the thread ran or was ready to run. */
    private static final double BUSY = 0.9;
    /**
     * A thread that used less than this share of an interval is not examined more closely. A spinning thread gets more,
     * even on a busy machine.
     */
    private static final double SUSPICIOUS = 0.05;

    private final Rules rules;
    private boolean seen;
    private int missed;
    private long sinceNanos;
    /** The time since then in which the thread could have run. */
    private long ableNanos;
    private long sinceCpuNanos;
    private long lastCpuNanos;
    /** The thread's CPU time when it last made progress other than loading a class. */
    private long excusedCpuNanos;
    private OptionalLong sinceStarvedNanos = OptionalLong.empty();
    /** The result of the last close examination; null if the last check had none. */
    private @Nullable Closer last;
    /** The methods that were on its stack at all checks of this silence, outermost first. */
    private List<Frame> stack = List.of();

    /** Creates the monitor of one thread under a policy. */
    public ThreadMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /** The readings of a thread; those that cost most come last. */
    public interface Readings {
        /** Returns the CPU time used so far; negative if the thread has ended. */
        long cpuNanos();

        /** Returns how long it has waited for a processor so far; empty if that is not known. */
        OptionalLong starvedNanos();

        /**
         * Returns whether it currently runs or waits for a processor, as the system sees it; false if that is not
         * known.
         */
        boolean isRunnable();

        /** Returns how often it has waited, slept, parked or been blocked so far. */
        long waits();

        /** Returns how often it has read or written so far; empty if that is not known. */
        OptionalLong inputsAndOutputs();

        /** Returns whether it has loaded a class since the previous check. */
        boolean loadsClasses();

        /** Returns its stack, outermost frame first. */
        List<Frame> stack();
    }

    /**
     * A method on the stack. It is identified by its class and name, without a line, so that a loop in it does not
     * change it.
     */
    public record Frame(String method, boolean isOfProgram) {}

    private record Closer(OptionalLong starvedNanos, long waits, OptionalLong inputsAndOutputs) {
        /** Returns whether the thread has made progress since an earlier examination. */
        boolean shows(Closer before) {
            return waits != before.waits || (inputsAndOutputs.isPresent() && before.inputsAndOutputs.isPresent()
                    && inputsAndOutputs.getAsLong() != before.inputsAndOutputs.getAsLong());
        }
    }

    /** Checks the thread. Returns null if it makes progress or rests. */
    public @Nullable Silence check(Round round, Readings readings) {
        long cpu = readings.cpuNanos();
        long burnt = cpu - lastCpuNanos;
        lastCpuNanos = cpu;
        ableNanos += round.elapsedNanos();
        Closer before = last;
        if (!seen || (before == null && burnt < round.elapsedNanos() * SUSPICIOUS)) {
            seen = true;
            return moves(round, null);
        }
        Closer now = new Closer(readings.starvedNanos(), readings.waits(), readings.inputsAndOutputs());
        if (before != null && now.shows(before)) {
            return moves(round, now);
        }
        if (Rules.excusesLoading(lastCpuNanos - excusedCpuNanos) && readings.loadsClasses()) {
            return begins(round, now);
        }
        last = now;
        if (before == null) {
            sinceStarvedNanos = now.starvedNanos;
        }
        if (!isBusy(now)) {
            // The system counts the wait for a processor only when the thread gets one; a thread that gets none makes no progress.
            return before != null && readings.isRunnable() ? silence(round) : moves(round, now);
        }
        List<Frame> common = stack.isEmpty() ? readings.stack() : commonStart(stack, readings.stack());
        if (common.stream().noneMatch(Frame::isOfProgram)) {
            return moves(round, now);
        }
        stack = common;
        missed += round.counts() ? 1 : 0;
        Silence silence = silence(round);
        return silence == null || before != null ? silence
                : silence.acquitted(); // it was busy, but it may have made progress before this first close examination
    }

    /** Returns whether the thread ran or was ready to run for all of this silence. */
    private boolean isBusy(Closer now) {
        long starved = now.starvedNanos.isEmpty() || sinceStarvedNanos.isEmpty() ? 0
                : now.starvedNanos.getAsLong() - sinceStarvedNanos.getAsLong();
        return lastCpuNanos - sinceCpuNanos + starved >= ableNanos * BUSY;
    }

    private @Nullable Silence silence(Round round) {
        return missed == 0 ? null
                : rules.spinning(missed, round.nowNanos() - sinceNanos, lastCpuNanos - sinceCpuNanos);
    }

    /** Records progress other than loading a class. */
    private @Nullable Silence moves(Round round, @Nullable Closer now) {
        excusedCpuNanos = lastCpuNanos;
        return begins(round, now);
    }

    /** Records progress; a silence may begin now. */
    private @Nullable Silence begins(Round round, @Nullable Closer now) {
        last = now;
        missed = 0;
        stack = List.of();
        sinceNanos = round.nowNanos();
        ableNanos = 0;
        sinceCpuNanos = lastCpuNanos;
        sinceStarvedNanos = now == null ? OptionalLong.empty() : now.starvedNanos;
        return null;
    }

    private static List<Frame> commonStart(List<Frame> a, List<Frame> b) {
        int i = 0;
        while (i < a.size() && i < b.size() && a.get(i).equals(b.get(i))) {
            i++;
        }
        return a.subList(0, i);
    }
}
