package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Throws an exception into another thread, wherever that thread is, by JVMTI {@code StopThread}. JDK 25 has this
 * function although {@code Thread.stop} was removed. The thread is suspended, its stack is examined, then it is stopped
 * or not, and it is resumed.
 *
 * <p>The thread is stopped only if all frames above the topmost frame of the program are {@linkplain StoppableCode code
 * that may be stopped anywhere}. While the thread is suspended it may hold any lock. Therefore the code between suspend
 * and resume calls only functions that were linked before and one hash map, and loads no class. Methods that it meets
 * for the first time are looked up after the resume, and then it tries again. A rehearsal on a separate thread has run
 * everything that this code calls once before.
 *
 * <p>Thread-safe. Only platform threads may call it. The JVMTI environment is created at the first use. The capability
 * to stop virtual threads is added at the first use as well, because it makes some of their operations slower in the
 * whole JVM.
 */
public final class AsyncStop {
    /** The outcome of an attempt to stop a thread. */
    public enum Outcome {
        /** The JVM has accepted the exception; it is thrown when the thread runs again. */
        STOPPED,
        /**
         * The thread is in code that must not be stopped, or has no frame of the program, or the JVM refuses. A later
         * attempt may succeed.
         */
        REFUSED,
        /** The thread has ended. */
        ENDED
    }

    private static final AtomicBoolean PREPARED = new AtomicBoolean();
    private static final Log LOG = Log.get();

    // Bits of jvmtiCapabilities.
    private static final long CAN_SIGNAL_THREAD = 1L << 10;
    private static final long CAN_SUSPEND = 1L << 20;
    private static final long CAN_SUPPORT_VIRTUAL_THREADS = 1L << 44;
    // Numbers of functions and errors in jvmti.h.
    private static final int SUSPEND_THREAD = 5;
    private static final int RESUME_THREAD = 6;
    private static final int STOP_THREAD = 7;
    private static final int GET_STACK_TRACE = 104;
    private static final int THREAD_NOT_ALIVE = 15;

    /** A thread with more frames is not stopped. */
    private static final int MOST_FRAMES = 1 << 15;
    /** The size of a jvmtiFrameInfo, which has a method and a location. */
    private static final long FRAME_BYTES = 16;
    /** How often the stack of a thread is examined. Between two examinations new methods are looked up. */
    private static final int LOOKS = 20;

    private static final FunctionDescriptor OF_THREAD = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private final MemorySegment environment;
    private final MethodHandle suspend;
    private final MethodHandle resume;
    private final MethodHandle stop;
    private final MethodHandle stackTrace;
    private final MethodNames names;

    /** Creates the instance at the first use. */
    private static final class Holder {
        static final @Nullable AsyncStop INSTANCE = create();
    }

    /** Adds the capability for virtual threads at the first use. */
    private static final class ForVirtual {
        static final boolean ADDED = Holder.INSTANCE != null
                && Holder.INSTANCE.add("virtual threads", CAN_SUPPORT_VIRTUAL_THREADS);
    }

    /** Whether a thread may be stopped in a method. */
    private enum Place {
        OF_PROGRAM, STOPPABLE, FORBIDDEN
    }

    private AsyncStop(MemorySegment environment) {
        this.environment = environment;
        suspend = Jvm.jvmtiFunction(environment, SUSPEND_THREAD, OF_THREAD);
        resume = Jvm.jvmtiFunction(environment, RESUME_THREAD, OF_THREAD);
        stop = Jvm.jvmtiFunction(environment, STOP_THREAD, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
        stackTrace = Jvm.jvmtiFunction(environment, GET_STACK_TRACE,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        names = new MethodNames(environment);
    }

    private static @Nullable AsyncStop create() {
        try {
            var instance = new AsyncStop(Jvm.jvmti());
            return instance.add("threads", CAN_SIGNAL_THREAD | CAN_SUSPEND) ? instance.rehearsed() : null;
        } catch (RuntimeException | LinkageError e) { // another JVM or system, which works in another way
            LOG.log(Level.WARNING, "threads cannot be stopped inside the JDK", e);
            return null;
        }
    }

    /**
     * Adds capabilities; false if JVMTI refuses. Only one environment, such as the one of a debugger, may suspend
     * threads.
     */
    private boolean add(String threads, long capabilities) {
        int error = Jvm.addCapabilities(environment, capabilities);
        if (error != 0) {
            LOG.log(Level.WARNING, "{0} cannot be stopped inside the JDK: JVMTI refuses with error {1}", threads,
                    error);
        }
        return error == 0;
    }

    /** Returns whether this JVM supports it, given its platform and its flags. */
    public static boolean isPossible() {
        return Jvm.isReachable();
    }

    /** Prepares on another thread, which may take a second the first time. Returns at once. */
    public static void prepare() {
        if (isPossible() && PREPARED.compareAndSet(false, true)) {
            ServiceThreads.builder().name("corral-stop-preparation").start(() -> {
                var _ = Holder.INSTANCE;
            });
        }
    }

    /**
     * Stops a thread if it may be stopped in its current code.
     *
     * @param thread a thread other than the current one
     * @param isProgram whether a class, given by its binary name, belongs to the program
     */
    public static Outcome stop(Thread thread, Throwable exception, Predicate<String> isProgram) {
        AsyncStop instance = Holder.INSTANCE;
        return instance == null || (thread.isVirtual() && !ForVirtual.ADDED) ? Outcome.REFUSED
                : instance.stopIfAllowed(thread, exception, isProgram);
    }

    /** Stops a thread of its own once, so that everything is linked and initialised afterwards. */
    private AsyncStop rehearsed() {
        Thread dummy = ServiceThreads.builder().name("corral-stop-rehearsal").start(() -> {
            try {
                while (true) {
                    LockSupport.park();
                }
            } catch (Rehearsed e) {
                // as expected
            }
        });
        while (stopIfAllowed(dummy, new Rehearsed(), _ -> true) != Outcome.ENDED) {
            Thread.onSpinWait();
        }
        return this;
    }

    /** Thrown only by the rehearsal. */
    private static final class Rehearsed extends Error {
        private static final long serialVersionUID = 1;

        Rehearsed() {
            super(null, null, false, false);
        }
    }

    private Outcome stopIfAllowed(Thread thread, Throwable exception, Predicate<String> isProgram) {
        Map<Long, Place> places = new HashMap<>();
        try (Arena arena = Arena.ofConfined();
                GlobalReference target = GlobalReference.to(thread);
                GlobalReference thrown = GlobalReference.to(exception)) {
            MemorySegment frames = arena.allocate(MOST_FRAMES * FRAME_BYTES, JAVA_LONG.byteAlignment());
            MemorySegment count = arena.allocate(JAVA_INT);
            for (int i = 0; i < LOOKS; i++) {
                @Nullable
                Outcome outcome = look(target.address(), thrown.address(), frames, count, places);
                if (outcome != null) {
                    return outcome;
                }
                learn(frames, count.get(JAVA_INT, 0), places, isProgram);
            }
            return Outcome.REFUSED;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Suspends the thread, stops it if all methods on its stack are known and allow it, and resumes it. Null if there
     * was a method that is not in {@code places}.
     */
    private @Nullable Outcome look(MemorySegment target, MemorySegment thrown, MemorySegment frames,
            MemorySegment count,
            Map<Long, Place> places) throws Throwable {
        int error = (int) suspend.invokeExact(environment, target);
        if (error != 0) {
            return error == THREAD_NOT_ALIVE ? Outcome.ENDED : Outcome.REFUSED;
        }
        @Nullable
        Outcome outcome = Outcome.REFUSED;
        try {
            error = (int) stackTrace.invokeExact(environment, target, 0, MOST_FRAMES, frames, count);
            if (error == 0) {
                Place place = topmost(frames, count.get(JAVA_INT, 0), places);
                if (place == null) {
                    outcome = null;
                } else if (place == Place.OF_PROGRAM) {
                    error = (int) stop.invokeExact(environment, target, thrown);
                    outcome = error == 0 ? Outcome.STOPPED : Outcome.REFUSED;
                }
            }
        } finally {
            int unresumed = (int) resume.invokeExact(environment, target);
            Jvm.check("ResumeThread", unresumed == THREAD_NOT_ALIVE ? 0 : unresumed);
        }
        return outcome;
    }

    /** Returns the place of the first frame that is not stoppable; null if a frame before it is unknown. */
    private static @Nullable Place topmost(MemorySegment frames, int count, Map<Long, Place> places) {
        for (int i = 0; i < count; i++) {
            Place place = places.get(frames.get(JAVA_LONG, i * FRAME_BYTES));
            if (place != Place.STOPPABLE) {
                return place;
            }
        }
        return Place.FORBIDDEN;
    }

    private void learn(MemorySegment frames, int count, Map<Long, Place> places, Predicate<String> isProgram) {
        for (int i = 0; i < count; i++) {
            long method = frames.get(JAVA_LONG, i * FRAME_BYTES);
            Place place = places.get(method);
            if (place == null) {
                place = placeOf(method, isProgram);
                places.put(method, place);
            }
            if (place != Place.STOPPABLE) {
                return; // the frames below it do not matter
            }
        }
    }

    private Place placeOf(long method, Predicate<String> isProgram) {
        String className = names.classOf(method);
        if (className == null) {
            return Place.FORBIDDEN; // the class was unloaded
        }
        if (isProgram.test(className)) {
            return Place.OF_PROGRAM;
        }
        return StoppableCode.contains(className, names.nameOf(method)) ? Place.STOPPABLE : Place.FORBIDDEN;
    }
}
