package dev.corral.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * True while a consumer is at something. It writes it twice for each element, so there is room around it: whatever producers read must not
 * lie in the same cache line.
 */
final class ConsumerFlag extends FlagWithRoomBefore {
    private static final VarHandle RAISED;

    static {
        try {
            RAISED = MethodHandles.lookup().findVarHandle(FlagWithRoomBefore.class, "raised", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused")
    private long b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15;

    /** The consumer; what it reads after this is not older than this. */
    void raise() {
        RAISED.setVolatile(this, true);
    }

    /** The consumer. */
    void lower() {
        RAISED.setRelease(this, false);
    }

    /** Any thread. */
    boolean isRaised() {
        return (boolean) RAISED.getVolatile(this);
    }
}

/** Fields of a superclass lie before those of its subclasses. */
abstract class RoomBefore {
    @SuppressWarnings("unused")
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

/** The flag itself. */
abstract class FlagWithRoomBefore extends RoomBefore {
    /** Written by the consumer. */
    @SuppressWarnings("unused") // through RAISED
    boolean raised;
}
