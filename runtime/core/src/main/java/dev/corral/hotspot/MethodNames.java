package dev.corral.hotspot;

import static dev.corral.hotspot.MachineCode.Register.R12;
import static dev.corral.hotspot.MachineCode.Register.RAX;
import static dev.corral.hotspot.MachineCode.Register.RBX;
import static dev.corral.hotspot.MachineCode.Register.RCX;
import static dev.corral.hotspot.MachineCode.Register.RDI;
import static dev.corral.hotspot.MachineCode.Register.RDX;
import static dev.corral.hotspot.MachineCode.Register.RSI;
import static dev.corral.hotspot.MachineCode.Register.RSP;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names of methods and of their classes by JVMTI method identifiers. JVMTI returns the class as a local
 * reference, so machine code makes both calls for its name without a return to Java in between (see
 * {@link GlobalReference}).
 */
@SuppressWarnings("restricted") // this class needs native access
final class MethodNames {
    private static final int DEALLOCATE = 47;
    private static final int GET_METHOD_NAME = 64;
    private static final int GET_CLASS_SIGNATURE = 48;
    private static final int GET_METHOD_DECLARING_CLASS = 65;

    private final MemorySegment environment;
    private final MethodHandle classSignature;
    private final MethodHandle methodName;
    private final MethodHandle deallocate;

    MethodNames(MemorySegment environment) {
        this.environment = environment;
        classSignature = Jvm.function(classSignature(),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));
        methodName = Jvm.jvmtiFunction(environment, GET_METHOD_NAME,
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
        deallocate = Jvm.jvmtiFunction(environment, DEALLOCATE, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    }

    /**
     * Assembles {@code GetMethodDeclaringClass} followed by {@code GetClassSignature}.
     *
     * <pre>
     * arguments  rdi jvmti, rsi method, rdx where to store the pointer to the signature
     * kept       rbx jvmti, r12 where to store the pointer (callee-saved)
     * stack      rsp the class; 24 bytes and two pushes align rsp to 16
     * result     eax 0, or an error of jvmti.h
     * </pre>
     */
    private static MemorySegment classSignature() {
        MachineCode code = new MachineCode().push(RBX).push(R12).add(RSP, -24).move(RBX, RDI).move(R12, RDX);
        code.move(RDX, RSP).callEntry(RBX, GET_METHOD_DECLARING_CLASS - 1).moveLowerHalf(RAX, RAX)
                .jumpUnlessZero(RAX, "end");
        code.move(RDI, RBX).load(RSI, RSP, 0).move(RDX, R12).move(RCX, 0)
                .callEntry(RBX, GET_CLASS_SIGNATURE - 1);
        return code.label("end").add(RSP, 24).pop(R12).pop(RBX).ret().assemble();
    }

    /**
     * Returns the binary name of a method's class, as in {@code java.util.regex.Pattern$Loop}; null if the class was
     * unloaded.
     */
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

    /** Returns the name of a method; empty if its class was unloaded. */
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

    /** Returns the text that a pointer points to, and frees its memory. */
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
