package dev.corral.carrier;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes tasks whose virtual thread begins or has ended. The JDK submits the same task each time that a virtual
 * thread can run. The task is a lambda of {@code VirtualThread} that has captured the thread. Needs
 * {@code java.base/java.lang} opened; otherwise no task is recognized.
 *
 * <p>This is a record, because the JIT treats the fields of a constant record as constants.
 *
 * @param type the class of all such tasks
 * @param thread the field of that class that holds the thread
 * @param state the field of the thread that holds its state
 */
record VirtualTasks(Class<?> type, VarHandle thread, VarHandle state) {
    // The states of java.lang.VirtualThread.
    private static final int STARTED = 1;
    private static final int TERMINATED = 99;
    private static final int UNKNOWN = -1;

    private static final @Nullable VirtualTasks INSTANCE = create();

    private static @Nullable VirtualTasks create() {
        if (!JdkInternal.haveAllLike(JdkInternal.STARTED)) {
            return null;
        }
        try {
            Thread example = Thread.ofVirtual().unstarted(() -> {});
            Class<?> type = JdkInternal.RUN_CONTINUATION.field().get(example).getClass();
            return new VirtualTasks(type, JdkInternal.captured(type, example.getClass()),
                    JdkInternal.VIRTUAL_STATE.field());
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** Whether the thread of this task has been started and has not run yet. */
    static boolean begins(Runnable task) {
        return stateOf(task) == STARTED;
    }

    /** Whether the thread of this task has ended. */
    static boolean hasEnded(Runnable task) {
        return stateOf(task) == TERMINATED;
    }

    private static int stateOf(Runnable task) {
        return INSTANCE == null || task.getClass() != INSTANCE.type ? UNKNOWN
                : (int) INSTANCE.state.getVolatile(INSTANCE.thread.get(task));
    }
}
