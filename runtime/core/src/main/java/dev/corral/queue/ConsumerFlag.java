package dev.corral.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A flag that is raised while the consumer works. The consumer writes it twice per element. Padding on both sides keeps
 * it alone in its cache line, because producers read the fields of the queue all the time.
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

    /**
     * Raises the flag. What the consumer reads after this call is not older than the call. Only the consumer calls
     * this.
     */
    void raise() {
        RAISED.setVolatile(this, true);
    }

    /** Lowers the flag. Only the consumer calls this. */
    void lower() {
        RAISED.setRelease(this, false);
    }

    /** Whether the flag is raised. Any thread may call this. */
    boolean isRaised() {
        return (boolean) RAISED.getVolatile(this);
    }
}

/** The padding before the flag: the JVM places the fields of a superclass before those of its subclasses. */
abstract class RoomBefore {
    @SuppressWarnings("unused")
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
}

/** The flag itself, between the padding of its superclass and of its subclass. */
abstract class FlagWithRoomBefore extends RoomBefore {
    /** Written by the consumer. */
    @SuppressWarnings("unused") // accessed through RAISED
    boolean raised;
}
