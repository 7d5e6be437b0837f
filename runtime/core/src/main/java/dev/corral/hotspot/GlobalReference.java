package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.R13;
import static dev.corral.hotspot.MachineCode.Register.RAX;
import static dev.corral.hotspot.MachineCode.Register.RBX;
import static dev.corral.hotspot.MachineCode.Register.RCX;
import static dev.corral.hotspot.MachineCode.Register.RDI;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;

/**
 * A global JNI reference to a Java object, as JVMTI functions need it. Until it is closed it keeps the object
 * reachable. Platform threads only; the thread that created it closes it.
 *
 * <p>One downcall creates it. Machine code (x86-64, System V) calls
 * {@code Thread.currentThread().getUncaughtExceptionHandler().get()} and {@code NewGlobalRef} without a return to Java
 * in between. This is necessary because a local reference dies when any native method of the JDK returns on the thread,
 * and even the first call of a method handle may call one.
 *
 * <pre>
 * The plan: words that the machine code reads, created once and never freed
 *   0   global reference to the class java.lang.Thread
 *   8   method identifier of Thread.currentThread
 *  16   method identifier of Thread.getUncaughtExceptionHandler
 *  24   method identifier of Supplier.get
 * </pre>
 */
final class GlobalReference implements AutoCloseable {
    private static final FunctionDescriptor TWO = FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor FOUR = FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // Positions of functions in the table of jni.h.
    private static final int FIND_CLASS = 6;
    private static final int EXCEPTION_CLEAR = 17;
    private static final int NEW_GLOBAL_REF = 21;
    private static final int DELETE_GLOBAL_REF = 22;
    private static final int GET_METHOD_ID = 33;
    private static final int CALL_OBJECT_METHOD_A = 36;
    private static final int GET_STATIC_METHOD_ID = 113;
    private static final int CALL_STATIC_OBJECT_METHOD_A = 116;
    private static final int EXCEPTION_CHECK = 228;

    /** The bits of rax that hold a result of type jboolean. */
    private static final int BOOLEAN = 0xff;

    private static final MethodHandle FETCH_OBJECT = Jvm.function(fetch(), TWO);
    private static final MethodHandle DELETE = Jvm.jniFunction(Jvm.jni(), DELETE_GLOBAL_REF,
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    private static final MemorySegment PLAN = plan();

    private final MemorySegment environment;
    private final MemorySegment reference;

    /**
     * Passes an object to the machine code: it is installed as the uncaught exception handler of the current thread for
     * a moment.
     */
    private record Parcel(Object get) implements Thread.UncaughtExceptionHandler, Supplier<Object> {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {}
    }

    private GlobalReference(MemorySegment environment, MemorySegment reference) {
        this.environment = environment;
        this.reference = reference;
    }

    /**
     * Assembles {@code FindClass} followed by {@code NewGlobalRef}.
     *
     * <pre>
     * arguments  rdi jni, rsi name
     * kept       rbx jni (callee-saved: pushed and popped, which also aligns rsp to 16)
     * result     rax global reference
     * </pre>
     */
    private static MemorySegment findClass() {
        return new MachineCode().push(RBX).move(RBX, RDI).callEntry(RBX, FIND_CLASS)
                .move(RDI, RBX).move(RSI, RAX).callEntry(RBX, NEW_GLOBAL_REF).pop(RBX).ret().assemble();
    }

    /**
     * Assembles the fetch of the object that {@link Parcel} carries.
     *
     * <pre>
     * arguments  rdi jni, rsi plan
     * kept       rbx jni, r12 plan, r13 first the class Thread, then the result of the last call
     *            (callee-saved: three pushes and the return address align rsp to 16)
     * result     rax global reference; null if a call threw, in which case the exception was cleared
     * </pre>
     */
    private static MemorySegment fetch() {
        MachineCode code = new MachineCode().push(RBX).push(R12).push(R13).move(RBX, RDI).move(R12, RSI);
        code.load(R13, R12, 0);
        callJava(code, CALL_STATIC_OBJECT_METHOD_A, 1);
        callJava(code, CALL_OBJECT_METHOD_A, 2);
        callJava(code, CALL_OBJECT_METHOD_A, 3);
        code.move(RDI, RBX).move(RSI, R13).callEntry(RBX, NEW_GLOBAL_REF).jump("end");
        code.label("thrown").move(RDI, RBX).callEntry(RBX, EXCEPTION_CLEAR).move(RAX, 0);
        return code.label("end").pop(R13).pop(R12).pop(RBX).ret().assemble();
    }

    /**
     * Calls a method without arguments on the class or object in r13, and stores the result in r13. Jumps to the label
     * {@code thrown} if the method throws.
     *
     * @param slot the position of the JNI function
     * @param method the position of the method in the plan
     */
    private static void callJava(MachineCode code, int slot, int method) {
        code.move(RDI, RBX).move(RSI, R13).load(RDX, R12, method * Long.BYTES).move(RCX, 0).callEntry(RBX, slot)
                .move(R13, RAX);
        code.move(RDI, RBX).callEntry(RBX, EXCEPTION_CHECK).and(RAX, BOOLEAN).jumpUnlessZero(RAX, "thrown");
    }

    private static MemorySegment plan() {
        MemorySegment plan = Arena.global().allocate(ADDRESS, 4);
        MemorySegment environment = Jvm.jni();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle find = Jvm.function(findClass(), TWO);
            var thread = (MemorySegment) find.invokeExact(environment, arena.allocateFrom("java/lang/Thread"));
            var supplier = (MemorySegment) find.invokeExact(environment,
                    arena.allocateFrom("java/util/function/Supplier"));
            plan.setAtIndex(ADDRESS, 0, thread);
            plan.setAtIndex(ADDRESS, 1, method(environment, GET_STATIC_METHOD_ID, thread, arena.allocateFrom(
                    "currentThread"), arena.allocateFrom("()Ljava/lang/Thread;")));
            plan.setAtIndex(ADDRESS, 2, method(environment, GET_METHOD_ID, thread, arena.allocateFrom(
                    "getUncaughtExceptionHandler"),
                    arena.allocateFrom("()Ljava/lang/Thread$UncaughtExceptionHandler;")));
            plan.setAtIndex(ADDRESS, 3, method(environment, GET_METHOD_ID, supplier, arena.allocateFrom("get"),
                    arena.allocateFrom("()Ljava/lang/Object;")));
            return plan;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment method(MemorySegment environment, int slot, MemorySegment owner, MemorySegment name,
            MemorySegment type) throws Throwable {
        return (MemorySegment) Jvm.jniFunction(environment, slot, FOUR).invokeExact(environment, owner, name, type);
    }

    /** Creates a reference to an object. */
    static GlobalReference to(Object object) {
        Thread self = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = self.getUncaughtExceptionHandler();
        self.setUncaughtExceptionHandler(new Parcel(object));
        try {
            MemorySegment environment = Jvm.jni();
            var reference = (MemorySegment) FETCH_OBJECT.invokeExact(environment, PLAN);
            if (reference.equals(MemorySegment.NULL)) {
                throw new IllegalStateException("no JNI reference could be created on " + self.getName());
            }
            return new GlobalReference(environment, reference);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            self.setUncaughtExceptionHandler(before);
        }
    }

    MemorySegment address() {
        return reference;
    }

    @Override
    public void close() {
        try {
            DELETE.invokeExact(environment, reference);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
