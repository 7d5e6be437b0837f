package dev.corral.isolate;

import dev.corral.WorkerKilled;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;

/**
 * What the checkpoints of one isolate call. Until the switch is flipped that is a constant no-op, which the JIT compiles to
 * nothing; flipping it makes HotSpot drop the compiled code of the isolate, and every loop and call of it throws
 * {@link WorkerKilled} from then on.
 */
final class KillSwitch {
    private static final MethodHandle NOTHING = MethodHandles.zero(void.class);
    private static final MethodHandle DIE = MethodHandles.throwException(void.class, WorkerKilled.class);

    private final MutableCallSite checkpoint = new MutableCallSite(NOTHING);
    // Made with the isolate, so that flipping and dying take no memory: the heap may be full.
    private final MutableCallSite[] checkpoints = {checkpoint};
    private final MethodHandle die;
    /** Set once, before the call site. */
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
