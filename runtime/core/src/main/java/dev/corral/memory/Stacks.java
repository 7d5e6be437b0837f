package dev.corral.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of virtual threads, which are objects of the heap while their threads wait. Needs {@code java.base/java.lang} and
 * {@code java.base/jdk.internal.vm} opened; without them each takes 0 bytes. Any thread.
 */
final class Stacks {
    /** Of such an object. */
    static final Class<?> TYPE;
    private static final int WORD = Long.BYTES;
    /** Its fields and its header, about. */
    private static final int FIXED = 64;
    /** Of a word, two bits tell where references are. */
    private static final int WORDS_A_BYTE = 4;
    private static final @Nullable Fields FIELDS;

    private record Fields(Class<?> thread, VarHandle continuation, VarHandle tail, VarHandle parent, VarHandle size) {}

    static {
        Class<?> chunk = Object.class;
        Fields fields = null;
        try {
            chunk = Class.forName("jdk.internal.vm.StackChunk");
            Class<?> thread = Class.forName("java.lang.VirtualThread");
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            fields = new Fields(thread, field(thread, "cont", continuation), field(continuation, "tail", chunk),
                    field(chunk, "parent", chunk), field(chunk, "size", int.class));
        } catch (ReflectiveOperationException e) {
            // a JDK that does it in another way, or has not opened it: stacks are not counted
        }
        TYPE = chunk;
        FIELDS = fields;
    }

    private Stacks() {}

    private static VarHandle field(Class<?> in, String name, Class<?> type) throws ReflectiveOperationException {
        return MethodHandles.privateLookupIn(in, MethodHandles.lookup()).findVarHandle(in, name, type);
    }

    /** What the stack of that thread takes now, in bytes; 0 for what is no virtual thread. */
    static long bytesOf(Object object) {
        if (FIELDS == null || !FIELDS.thread.isInstance(object)) {
            return 0;
        }
        Object continuation = FIELDS.continuation.get(object);
        long bytes = 0;
        Object chunk = continuation == null ? null : FIELDS.tail.get(continuation);
        while (chunk != null) {
            long words = (int) FIELDS.size.get(chunk);
            bytes += FIXED + words * WORD + words / WORDS_A_BYTE;
            chunk = FIELDS.parent.get(chunk);
        }
        return bytes;
    }
}
