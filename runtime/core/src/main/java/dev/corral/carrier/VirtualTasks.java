package dev.corral.carrier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * Tells of a task that the JDK gives to a scheduler whether its virtual thread begins or has ended. The JDK gives the same task each time
 * that the thread is to run; it is a lambda of {@code VirtualThread} that has captured the thread. Needs {@code java.base/java.lang}
 * opened; where it is not, no task tells anything.
 *
 * <p>A record, because the JIT takes the fields of one in a constant for constants.
 *
 * @param type class of all such tasks
 * @param thread field of that class
 * @param state field of the thread
 */
record VirtualTasks(Class<?> type, VarHandle thread, VarHandle state) {
    // States of java.lang.VirtualThread.
    private static final int STARTED = 1;
    private static final int TERMINATED = 99;
    private static final int UNKNOWN = -1;

    private static final @Nullable VirtualTasks INSTANCE = create();

    private static @Nullable VirtualTasks create() {
        try {
            Thread example = Thread.ofVirtual().unstarted(() -> {});
            Lookup lookup = MethodHandles.privateLookupIn(example.getClass(), MethodHandles.lookup());
            VarHandle task = lookup.findVarHandle(example.getClass(), "runContinuation", Runnable.class);
            Class<?> type = task.get(example).getClass();
            return new VirtualTasks(type, captured(type, example.getClass()),
                    lookup.findVarHandle(example.getClass(), "state", int.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** The field of the lambda that holds the thread. */
    private static VarHandle captured(Class<?> type, Class<?> thread) throws ReflectiveOperationException {
        for (Field field : type.getDeclaredFields()) {
            if (field.getType() == thread) {
                return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).unreflectVarHandle(field);
            }
        }
        throw new NoSuchFieldException("the thread in " + type);
    }

    /** Whether its thread has been started and has not run yet. */
    static boolean begins(Runnable task) {
        return stateOf(task) == STARTED;
    }

    /** Whether its thread has ended. */
    static boolean hasEnded(Runnable task) {
        return stateOf(task) == TERMINATED;
    }

    private static int stateOf(Runnable task) {
        return INSTANCE == null || task.getClass() != INSTANCE.type ? UNKNOWN
                : (int) INSTANCE.state.getVolatile(INSTANCE.thread.get(task));
    }
}
