package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A Java object as a global JNI reference, which is what JVMTI takes. To be closed, else the object is held for ever. Platform
 * threads only, and closed by the thread that made it.
 *
 * <p>It is made by one downcall, to machine code (x86-64, System V) that calls
 * {@code Thread.currentThread().getUncaughtExceptionHandler().get()} and {@code NewGlobalRef} and does not return to Java in between:
 * a local reference dies when any native method of the JDK returns on the thread, and even the first call of a method handle may
 * call one.
 */
final class GlobalReference implements AutoCloseable {
    private static final FunctionDescriptor TWO = FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS);
    private static final FunctionDescriptor FOUR = FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // Slots of jni.h.
    private static final int DELETE_GLOBAL_REF = 22;
    private static final int GET_METHOD_ID = 33;
    private static final int GET_STATIC_METHOD_ID = 113;

    /** {@code FindClass}, then {@code NewGlobalRef}. */
    private static final int[] FIND_CLASS = {
            0x53, 0x48, 0x89, 0xfb, // push rbx; mov rbx, rdi
            0x48, 0x8b, 0x07, 0xff, 0x50, 6 * 8, // mov rax, [rdi]; call [rax + FindClass]
            0x48, 0x89, 0xdf, 0x48, 0x89, 0xc6, // mov rdi, rbx; mov rsi, rax
            0x48, 0x8b, 0x03, 0xff, 0x90, 21 * 8, 0, 0, 0, // mov rax, [rbx]; call [rax + NewGlobalRef]
            0x5b, 0xc3, // pop rbx; ret
    };
    /** After a call into Java: its result is kept in r13; if it has thrown, that is forgotten and null is returned. */
    private static final int[] CHECK = {
            0x49, 0x89, 0xc5, // mov r13, rax
            0x48, 0x89, 0xdf, 0x48, 0x8b, 0x03, // mov rdi, rbx; mov rax, [rbx]
            0xff, 0x90, 0x20, 0x07, 0, 0, // call ExceptionCheck (slot 228)
            0x84, 0xc0, 0x74, 20, // test al, al; jz past the end of this
            0x48, 0x89, 0xdf, 0x48, 0x8b, 0x03, // mov rdi, rbx; mov rax, [rbx]
            0xff, 0x90, 17 * 8, 0, 0, 0, // call ExceptionClear
            0x31, 0xc0, 0x41, 0x5d, 0x41, 0x5c, 0x5b, 0xc3, // xor eax, eax; pop r13; pop r12; pop rbx; ret
    };
    /** The four calls; the second argument is {@code {Thread, currentThread, getUncaughtExceptionHandler, get}}. */
    private static final int[] FETCH = join(new int[]{
            0x53, 0x41, 0x54, 0x41, 0x55, // push rbx; push r12; push r13
            0x48, 0x89, 0xfb, 0x49, 0x89, 0xf4, // mov rbx, rdi; mov r12, rsi
            0x49, 0x8b, 0x34, 0x24, // mov rsi, [r12]
            0x49, 0x8b, 0x54, 0x24, 0x08, 0x31, 0xc9, // mov rdx, [r12 + 8]; xor ecx, ecx
            0x48, 0x8b, 0x03, 0xff, 0x90, 0xa0, 0x03, 0, 0, // call CallStaticObjectMethodA (slot 116)
    }, CHECK,
            new int[]{
                    0x48, 0x89, 0xdf, 0x4c, 0x89, 0xee, // mov rdi, rbx; mov rsi, r13
                    0x49, 0x8b, 0x54, 0x24, 0x10, 0x31, 0xc9, // mov rdx, [r12 + 16]; xor ecx, ecx
                    0x48, 0x8b, 0x03, 0xff, 0x90, 0x20, 0x01, 0, 0, // call CallObjectMethodA (slot 36)
            }, CHECK,
            new int[]{
                    0x48, 0x89, 0xdf, 0x4c, 0x89, 0xee, // mov rdi, rbx; mov rsi, r13
                    0x49, 0x8b, 0x54, 0x24, 0x18, 0x31, 0xc9, // mov rdx, [r12 + 24]; xor ecx, ecx
                    0x48, 0x8b, 0x03, 0xff, 0x90, 0x20, 0x01, 0, 0, // call CallObjectMethodA
            }, CHECK,
            new int[]{
                    0x48, 0x89, 0xdf, 0x4c, 0x89, 0xee, // mov rdi, rbx; mov rsi, r13
                    0x48, 0x8b, 0x03, 0xff, 0x90, 0xa8, 0, 0, 0, // call NewGlobalRef
                    0x41, 0x5d, 0x41, 0x5c, 0x5b, 0xc3, // pop r13; pop r12; pop rbx; ret
            });

    private static final MethodHandle FETCH_OBJECT = Jvm.function(Libc.code(FETCH), TWO);
    private static final MethodHandle DELETE = Jvm.jniFunction(Jvm.jni(), DELETE_GLOBAL_REF,
            FunctionDescriptor.ofVoid(ADDRESS, ADDRESS));
    private static final MemorySegment PLAN = plan();

    private final MemorySegment environment;
    private final MemorySegment reference;

    /** Carries an object to the machine code. */
    private record Parcel(Object get) implements Thread.UncaughtExceptionHandler, Supplier<Object> {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {}
    }

    private GlobalReference(MemorySegment environment, MemorySegment reference) {
        this.environment = environment;
        this.reference = reference;
    }

    private static int[] join(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    private static MemorySegment plan() {
        MemorySegment plan = Arena.global().allocate(ADDRESS, 4);
        MemorySegment environment = Jvm.jni();
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle find = Jvm.function(Libc.code(FIND_CLASS), TWO);
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

    /** A reference to this object. */
    static GlobalReference to(Object object) {
        Thread self = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = self.getUncaughtExceptionHandler();
        self.setUncaughtExceptionHandler(new Parcel(object));
        try {
            MemorySegment environment = Jvm.jni();
            var reference = (MemorySegment) FETCH_OBJECT.invokeExact(environment, PLAN);
            if (reference.equals(MemorySegment.NULL)) {
                throw new IllegalStateException("no JNI reference could be made on " + self.getName());
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
