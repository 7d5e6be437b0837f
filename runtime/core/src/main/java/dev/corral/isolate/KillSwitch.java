package dev.corral.isolate;

import dev.corral.WorkerKilled;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;

/**
 * The switch that ends the code of one isolate. Each checkpoint of the isolate calls its call site. Until the switch is
 * flipped, the call does nothing, and because it is constant the JIT removes it. Flipping the switch makes HotSpot
 * discard the compiled code of the isolate. From then on every checkpoint throws {@link WorkerKilled}. Thread-safe.
 */
final class KillSwitch {
    private static final MethodHandle NOTHING = MethodHandles.zero(void.class);
    private static final MethodHandle DIE = MethodHandles.throwException(void.class, WorkerKilled.class);

    private final MutableCallSite checkpoint = new MutableCallSite(NOTHING);
    // Created with the isolate, so that flipping and throwing allocate nothing: the heap may be full.
    private final MutableCallSite[] checkpoints = {checkpoint};
    private final MethodHandle die;
    /**
     * Written by the thread that flips the switch, before the call site changes: a thread that throws WorkerKilled also
     * sees true.
     */
    private volatile boolean flipped;

    KillSwitch(String worker) {
        die = DIE.bindTo(new WorkerKilled(worker));
    }

    CallSite checkpoint() {
        return checkpoint;
    }

    void flip() {
        flipped = true;
        checkpoint.setTarget(die);
        MutableCallSite.syncAll(checkpoints);
    }

    boolean isFlipped() {
        return flipped;
    }
}
