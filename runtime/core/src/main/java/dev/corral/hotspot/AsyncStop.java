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
 * Throws an exception into a thread wherever it is, by JVMTI {@code StopThread}, which stands in JDK 25 although
 * {@code Thread.stop} is gone. The thread is suspended, its stack is looked at, then it is stopped or not, and resumed.
 *
 * <p>It is stopped only if all frames above the topmost one of the program are {@linkplain StoppableCode code that may be stopped
 * anywhere}. So that nothing is waited for that the suspended thread may hold, the part between suspend and resume calls functions
 * that were linked before and one hash map, and loads no class: methods that it meets for the first time are looked up after the
 * resume, and it tries again. What it calls was called once before on a thread of its own.
 *
 * <p>Thread-safe. Platform threads only may call it. The JVMTI environment is made at the first need; so
 * is what it takes to stop virtual threads, for it makes some of their operations slower in the whole JVM.
 */
public final class AsyncStop {
    /** What came of it. */
    public enum Outcome {
        /** It has been told; the exception is thrown when it runs again. */
        STOPPED,
        /** It is where it must not be stopped, or has no frame of the program, or the JVM refuses. Perhaps later. */
        REFUSED,
        /** It has ended. */
        ENDED
    }

    private static final AtomicBoolean PREPARED = new AtomicBoolean();
    private static final Log LOG = Log.get();

    // Bits of jvmtiCapabilities.
    private static final long CAN_SIGNAL_THREAD = 1L << 10;
    private static final long CAN_SUSPEND = 1L << 20;
    private static final long CAN_SUPPORT_VIRTUAL_THREADS = 1L << 44;
    // Numbers of jvmti.h.
    private static final int SUSPEND_THREAD = 5;
    private static final int RESUME_THREAD = 6;
    private static final int STOP_THREAD = 7;
    private static final int GET_STACK_TRACE = 104;
    private static final int THREAD_NOT_ALIVE = 15;

    /** Deeper stacks are left alone. */
    private static final int MOST_FRAMES = 1 << 15;
    /** A jvmtiFrameInfo: method and location. */
    private static final long FRAME_BYTES = 16;
    /** Times that a thread is looked at, with the methods that were new looked up in between. */
    private static final int LOOKS = 20;

    private static final FunctionDescriptor OF_THREAD = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS);

    private final MemorySegment environment;
    private final MethodHandle suspend;
    private final MethodHandle resume;
    private final MethodHandle stop;
    private final MethodHandle stackTrace;
    private final MethodNames names;

    /** Made at the first need. */
    private static final class Holder {
        static final @Nullable AsyncStop INSTANCE = create();
    }

    /** Added at the first need. */
    private static final class ForVirtual {
        static final boolean ADDED = Holder.INSTANCE != null
                && Holder.INSTANCE.add("a virtual thread", CAN_SUPPORT_VIRTUAL_THREADS);
    }

    /** What a method means for the thread in it. */
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
        var instance = new AsyncStop(Jvm.jvmti());
        return instance.add("any thread", CAN_SIGNAL_THREAD | CAN_SUSPEND) ? instance.rehearsed() : null;
    }

    /** Only one environment may suspend threads; a debugger's may be it. */
    private boolean add(String what, long capabilities) {
        int error = Jvm.addCapabilities(environment, capabilities);
        if (error != 0) {
            LOG.log(Level.WARNING, "{0} inside the JDK cannot be stopped: JVMTI refuses with error {1}", what, error);
        }
        return error == 0;
    }

    /** Whether this JVM, on this platform and with its flags, can. */
    public static boolean isPossible() {
        return Jvm.isReachable();
    }

    /** Gets ready on another thread, which may take a second at the first time; returns at once. */
    public static void prepare() {
        if (isPossible() && PREPARED.compareAndSet(false, true)) {
            ServiceThreads.builder().name("corral-stop-preparation").start(() -> {
                var _ = Holder.INSTANCE;
            });
        }
    }

    /**
     * Stops the thread if it may be stopped where it is. The current thread must be another one.
     *
     * @param isProgram whether a class, by its binary name, is one of the program
     */
    public static Outcome stop(Thread thread, Throwable exception, Predicate<String> isProgram) {
        AsyncStop instance = Holder.INSTANCE;
        return instance == null || (thread.isVirtual() && !ForVirtual.ADDED) ? Outcome.REFUSED
                : instance.stopIfAllowed(thread, exception, isProgram);
    }

    /** Goes all the way once, with a thread of its own: everything is linked and initialised after that. */
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

    /** Thrown by nobody else. */
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

    /** Null if it met methods of which it does not know what they mean. */
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

    /** What the first frame that is not stoppable is; null if one before it is unknown. */
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
                return; // what is below does not count
            }
        }
    }

    private Place placeOf(long method, Predicate<String> isProgram) {
        String className = names.classOf(method);
        if (className == null) {
            return Place.FORBIDDEN; // unloaded meanwhile
        }
        if (isProgram.test(className)) {
            return Place.OF_PROGRAM;
        }
        return StoppableCode.contains(className, names.nameOf(method)) ? Place.STOPPABLE : Place.FORBIDDEN;
    }
}
