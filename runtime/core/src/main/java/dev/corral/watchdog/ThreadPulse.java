package dev.corral.watchdog;

import dev.corral.HeartbeatPolicy;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether a platform thread of a program moves. It has no boundaries of tasks that could be counted, so it has missed a look if since
 * the one before it did nothing but burn CPU: it was running or runnable all the time, has waited for nothing, read and written
 * nothing, and a method of the program was on its stack at both ends. A server under full load reads and writes; a spin does not.
 */
public final class ThreadPulse {
    /** Share of the time that it ran or was ready to. */
    private static final double BUSY = 0.9;
    /** Below this share it is not looked at any closer. */
    private static final double SUSPICIOUS = 0.1;

    private final Rules rules;
    private boolean seen;
    private int missed;
    private long sinceNanos;
    private long sinceCpuNanos;
    private long lastCpuNanos;
    /** As of the last closer look; null if the last look was none. */
    private @Nullable Closer last;
    /** Methods that were on its stack at all looks of this silence, outermost first. */
    private List<Frame> stack = List.of();

    /** Of one thread under this policy. */
    public ThreadPulse(HeartbeatPolicy policy) {
        rules = new Rules(policy);
    }

    /** What can be seen of a thread, the dearer the later. */
    public interface Signs {
        /** CPU burnt so far; negative if it has ended. */
        long cpuNanos();

        /** How long it has waited for a processor so far; empty if that is not known. */
        OptionalLong starvedNanos();

        /** How often it has waited, slept, parked or been blocked so far. */
        long waits();

        /** How often it has read or written so far; empty if that is not known. */
        OptionalLong inputsAndOutputs();

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
    public @Nullable Silence look(Round round, Signs signs) {
        long cpu = signs.cpuNanos();
        long burnt = cpu - lastCpuNanos;
        lastCpuNanos = cpu;
        if (!seen || burnt < round.elapsedNanos() * SUSPICIOUS) {
            seen = true;
            last = null;
            return moves(round);
        }
        Closer before = last;
        Closer now = new Closer(signs.starvedNanos(), signs.waits(), signs.inputsAndOutputs());
        last = now;
        if (burnt + starved(before, now) < round.elapsedNanos() * BUSY || (before != null && now.shows(before))) {
            return moves(round);
        }
        List<Frame> common = stack.isEmpty() ? signs.stack() : commonStart(stack, signs.stack());
        if (common.stream().noneMatch(Frame::isOfProgram)) {
            return moves(round);
        }
        stack = common;
        missed += round.counts() ? 1 : 0;
        if (missed == 0) {
            return null;
        }
        Silence silence = rules.spinning(missed, round.nowNanos() - sinceNanos, cpu - sinceCpuNanos);
        return before == null ? silence.acquitted() : silence; // how busy it was is no proof that nothing happened to it
    }

    private @Nullable Silence moves(Round round) {
        missed = 0;
        stack = List.of();
        sinceNanos = round.nowNanos();
        sinceCpuNanos = lastCpuNanos;
        return null;
    }

    private static long starved(@Nullable Closer before, Closer now) {
        return before == null || before.starvedNanos.isEmpty() || now.starvedNanos.isEmpty() ? 0
                : now.starvedNanos.getAsLong() - before.starvedNanos.getAsLong();
    }

    private static List<Frame> commonStart(List<Frame> a, List<Frame> b) {
        int i = 0;
        while (i < a.size() && i < b.size() && a.get(i).equals(b.get(i))) {
            i++;
        }
        return a.subList(0, i);
    }
}
