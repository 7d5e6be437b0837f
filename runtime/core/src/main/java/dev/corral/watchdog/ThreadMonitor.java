package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether a platform thread of a program moves. It has no boundaries of tasks that could be counted, so it has missed a look if since
 * the one before it did nothing but burn CPU: it was running or runnable all the time that collections left it, has waited for nothing, read and written
 * nothing, loaded no class, and a method of the program was on its stack at both ends. A server under full load reads and writes; a
 * spin does not. Classes excuse a thread for the first minute of CPU in which nothing else happens to it.
 */
public final class ThreadMonitor {
    /** Share of its silence that it ran or was ready to. */
    private static final double BUSY = 0.9;
    /** Below this share of one interval it is not looked at any closer; what a thread gets that spins on a busy machine. */
    private static final double SUSPICIOUS = 0.05;

    private final Rules rules;
    private boolean seen;
    private int missed;
    private long sinceNanos;
    /** Since then, the time in which it could have run. */
    private long ableNanos;
    private long sinceCpuNanos;
    private long lastCpuNanos;
    /** When something other than a class has happened to it last. */
    private long excusedCpuNanos;
    private OptionalLong sinceStarvedNanos = OptionalLong.empty();
    /** As of the last closer look; null if the last look was none. */
    private @Nullable Closer last;
    /** Methods that were on its stack at all looks of this silence, outermost first. */
    private List<Frame> stack = List.of();

    /** Of one thread under this policy. */
    public ThreadMonitor(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /** What can be seen of a thread, the dearer the later. */
    public interface Readings {
        /** CPU burnt so far; negative if it has ended. */
        long cpuNanos();

        /** How long it has waited for a processor so far; empty if that is not known. */
        OptionalLong starvedNanos();

        /** Whether it runs or waits for a processor at this moment, as the system sees it; false if that is not known. */
        boolean isRunnable();

        /** How often it has waited, slept, parked or been blocked so far. */
        long waits();

        /** How often it has read or written so far; empty if that is not known. */
        OptionalLong inputsAndOutputs();

        /** Whether it has loaded a class since the look before. */
        boolean loadsClasses();

        /** What is on its stack, outermost first. */
        List<Frame> stack();
    }

    /** A method on the stack, by its class and name, so that a loop in it does not make it another one. */
    public record Frame(String method, boolean isOfProgram) {}

    private record Closer(OptionalLong starvedNanos, long waits, OptionalLong inputsAndOutputs) {
        /** Whether something has happened to the thread since the look before. */
        boolean shows(Closer before) {
            return waits != before.waits || (inputsAndOutputs.isPresent() && before.inputsAndOutputs.isPresent()
                    && inputsAndOutputs.getAsLong() != before.inputsAndOutputs.getAsLong());
        }
    }

    /** One look; null if it moves or rests. */
    public @Nullable Silence look(Round round, Readings readings) {
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
            // What it waits for a processor is added up only when it gets one, and to be given none is no move.
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
                : silence.acquitted(); // how busy it was is no proof that nothing happened to it
    }

    /** Whether it ran or was ready to for all of this silence. */
    private boolean isBusy(Closer now) {
        long starved = now.starvedNanos.isEmpty() || sinceStarvedNanos.isEmpty() ? 0
                : now.starvedNanos.getAsLong() - sinceStarvedNanos.getAsLong();
        return lastCpuNanos - sinceCpuNanos + starved >= ableNanos * BUSY;
    }

    private @Nullable Silence silence(Round round) {
        return missed == 0 ? null
                : rules.spinning(missed, round.nowNanos() - sinceNanos, lastCpuNanos - sinceCpuNanos);
    }

    private @Nullable Silence moves(Round round, @Nullable Closer now) {
        excusedCpuNanos = lastCpuNanos;
        return begins(round, now);
    }

    /** A silence may begin now. */
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
