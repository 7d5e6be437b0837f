package dev.corral.memory;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Measures what virtual threads take of the heap while they wait: their stacks, which are objects of the heap, and the
 * timers of those that wait for a limited time. Needs {@code java.base/java.lang} and {@code java.base/jdk.internal.vm}
 * to be opened; without them each stack counts as 0 bytes. Thread-safe.
 */
final class Stacks {
    /** The type of an object that holds a part of a stack. */
    static final Class<?> TYPE;
    private static final int WORD = Long.BYTES;
    /** The approximate size of the header and the fields of such an object, in bytes. */
    private static final int FIXED = 64;
    /** A bitmap beside the stack has two bits for each word, which mark references, so one byte for this many words. */
    private static final int WORDS_A_BYTE = 4;
    /** The approximate size of a timer and of its place in the queue of timers, in bytes. */
    static final int TIMER = 120;
    private static final @Nullable Fields FIELDS;

    private record Fields(Class<?> thread, VarHandle continuation, VarHandle tail, VarHandle parent, VarHandle size,
            VarHandle timer) {}

    static {
        Class<?> chunk = JdkInternal.STACK_PARENT.type();
        Class<?> thread = JdkInternal.CONTINUATION.type();
        Fields fields = null;
        try {
            fields = thread == null ? null
                    : new Fields(thread, JdkInternal.CONTINUATION.field(), JdkInternal.STACK_TAIL.field(),
                            JdkInternal.STACK_PARENT.field(), JdkInternal.STACK_SIZE.field(),
                            JdkInternal.TIMEOUT_TASK.field());
        } catch (ReflectiveOperationException e) {
            // this JDK works in another way, or the packages are not opened: stacks are not counted
        }
        TYPE = chunk == null ? Object.class : chunk;
        FIELDS = fields;
    }

    private Stacks() {}

    /** Returns whether the object is a virtual thread that has begun and not ended. */
    static boolean isRunning(Object object) {
        return FIELDS != null && FIELDS.thread.isInstance(object) && ((Thread) object).isAlive();
    }

    /** Returns the bytes that the stack and the timer of a virtual thread take now; 0 for any other object. */
    static long bytesOf(Object object) {
        if (FIELDS == null || !FIELDS.thread.isInstance(object)) {
            return 0;
        }
        Object continuation = FIELDS.continuation.get(object);
        long bytes = FIELDS.timer.get(object) instanceof Future<?> timer && !timer.isDone() ? TIMER : 0;
        Object chunk = continuation == null ? null : FIELDS.tail.get(continuation);
        while (chunk != null) {
            long words = (int) FIELDS.size.get(chunk);
            bytes += FIXED + words * WORD + words / WORDS_A_BYTE;
            chunk = FIELDS.parent.get(chunk);
        }
        return bytes;
    }
}
