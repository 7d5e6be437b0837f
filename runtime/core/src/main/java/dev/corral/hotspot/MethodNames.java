package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Names of methods and of their classes, by the identifiers that JVMTI has for methods. The class is a local reference on the way,
 * so both calls for its name are made by machine code without a return to Java (see {@link GlobalReference}).
 */
@SuppressWarnings("restricted") // native access is what it is about
final class MethodNames {
    private static final int DEALLOCATE = 47;
    private static final int GET_METHOD_NAME = 64;
    /** {@code GetMethodDeclaringClass}, then {@code GetClassSignature}: (environment, method, char** signature). */
    private static final int[] CLASS_SIGNATURE = {
            0x53, 0x41, 0x54, 0x41, 0x55, 0x48, 0x83, 0xec, 0x10, // push rbx; push r12; push r13; sub rsp, 16
            0x48, 0x89, 0xfb, 0x49, 0x89, 0xd4, // mov rbx, rdi; mov r12, rdx
            0x48, 0x89, 0xe2, // mov rdx, rsp
            0x48, 0x8b, 0x03, 0xff, 0x90, 0x00, 0x02, 0, 0, // call [[rbx] + 8 * (65 - 1)]
            0x85, 0xc0, 0x75, 0x15, // test eax, eax; jne end
            0x48, 0x89, 0xdf, 0x48, 0x8b, 0x34, 0x24, // mov rdi, rbx; mov rsi, [rsp]
            0x4c, 0x89, 0xe2, 0x31, 0xc9, // mov rdx, r12; xor ecx, ecx
            0x48, 0x8b, 0x03, 0xff, 0x90, 0x78, 0x01, 0, 0, // call [[rbx] + 8 * (48 - 1)]
            0x48, 0x83, 0xc4, 0x10, 0x41, 0x5d, 0x41, 0x5c, 0x5b, 0xc3, // end: add rsp, 16; pop r13; pop r12; pop rbx; ret
    };

    private final MemorySegment environment;
    private final MethodHandle classSignature;
    private final MethodHandle methodName;
    private final MethodHandle deallocate;

    MethodNames(MemorySegment environment) {
        this.environment = environment;
        classSignature = Jvm.function(Libc.code(CLASS_SIGNATURE),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
        methodName = Jvm.jvmtiFunction(environment, GET_METHOD_NAME,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
        deallocate = Jvm.jvmtiFunction(environment, DEALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /** The binary name of its class, as in {@code java.util.regex.Pattern$Loop}; null if that was unloaded. */
    @Nullable
    String classOf(long method) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ADDRESS);
            if ((int) classSignature.invokeExact(environment, method, text) != 0) {
                return null;
            }
            String signature = take(text); // as in Ljava/util/regex/Pattern$Loop; or, of a hidden class, Lp/C.0x0123;
            return signature.substring(1, signature.length() - 1).replace('.', '\\').replace('/', '.')
                    .replace('\\', '/');
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Its name; empty if its class was unloaded. */
    String nameOf(long method) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ADDRESS);
            int error = (int) methodName.invokeExact(environment, method, text, MemorySegment.NULL, MemorySegment.NULL);
            return error != 0 ? "" : take(text);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private String take(MemorySegment pointer) throws Throwable {
        MemorySegment text = pointer.get(ADDRESS, 0);
        try {
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } finally {
            int error = (int) deallocate.invokeExact(environment, text);
            Jvm.check("Deallocate", error);
        }
    }
}
