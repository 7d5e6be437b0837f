package dev.corral.isolate;

import dev.corral.WorkerKilled;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;

/**
 * What the checkpoints of one isolate call. Until the switch is flipped that is a constant no-op, which the JIT compiles to
 * nothing; flipping it makes HotSpot drop the compiled code of the isolate, and every loop and call of it throws
 * {@link WorkerKilled} from then on.
 */
final class KillSwitch {
    private static final MethodHandle NOTHING = MethodHandles.zero(void.class);
    private static final MethodHandle DIE;

    static {
        try {
            DIE = MethodHandles.lookup().findStatic(KillSwitch.class, "die",
                    MethodType.methodType(void.class, String.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String worker;
    private final MutableCallSite checkpoint = new MutableCallSite(NOTHING);
    /** Set once, before the call site. */
    private volatile boolean flipped;

    KillSwitch(String worker) {
        this.worker = worker;
    }

    CallSite checkpoint() {
        return checkpoint;
    }

    void flip() {
        flipped = true;
        checkpoint.setTarget(DIE.bindTo(worker));
        MutableCallSite.syncAll(new MutableCallSite[]{checkpoint});
    }

    boolean isFlipped() {
        return flipped;
    }

    @SuppressWarnings("UnusedMethod") // through DIE
    private static void die(String worker) {
        throw new WorkerKilled(worker);
    }
}
