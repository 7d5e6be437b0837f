package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;

/**
 * Access to this JVM from native code: its JNI and JVMTI environments, which are pointers to tables of functions.
 *
 * <pre>
 * environment   8 bytes: the address of the table
 * table         function 0 | function 1 | function 2 | ...   8 bytes each: the address of a function
 * </pre>
 *
 * <p>JNI functions are given by their position in the table, as in {@code jni.h}. JVMTI functions are given by their
 * number in {@code jvmti.h}, which is their position plus 1.
 */
@SuppressWarnings("restricted") // this class needs native access
final class Jvm {
    private static final int JNI_VERSION = 0x0015_0000;
    private static final int JVMTI_VERSION = 0x3015_0000;
    private static final int ADD_CAPABILITIES = 142;
    /** More entries than any of the tables has. */
    private static final long TABLE_ENTRIES = 300;
    private static final int CAPABILITIES_BYTES = 16;

    /** Links the functions at the first use. */
    private static final class Functions {
        static final Linker LINKER = Linker.nativeLinker();
        static final SymbolLookup SYMBOLS = SymbolLookup.libraryLookup(NativeFunctions.LIBRARY_OF_JVM, Arena.global());
        static final MemorySegment VM = vm();
        /** {@code GetEnv}, at position 6 of the invocation interface. */
        static final MethodHandle GET_ENV = LINKER.downcallHandle(entry(VM, 6),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));

        private static MemorySegment vm() {
            try (Arena arena = Arena.ofConfined()) {
                MethodHandle created = LINKER.downcallHandle(SYMBOLS.findOrThrow(NativeFunctions.CREATED_VMS),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
                MemorySegment vm = arena.allocate(ADDRESS);
                check("JNI_GetCreatedJavaVMs", (int) created.invokeExact(vm, 1, arena.allocate(JAVA_INT)));
                return vm.get(ADDRESS, 0);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    private Jvm() {}

    /** Returns whether the library of the JVM, which has its JNI and JVMTI functions, is where HotSpot has it. */
    static boolean hasLibrary() {
        return Files.exists(NativeFunctions.LIBRARY_OF_JVM);
    }

    /**
     * Returns whether this is HotSpot on Linux on x86-64, native access is enabled for Corral, and the functions that
     * Corral calls exist.
     */
    static boolean isReachable() {
        return Platform.runsMachineCode() && NativeFunctions.areUsable() && hasLibrary();
    }

    /** Returns the JNI environment of the current platform thread, for use on this thread only. */
    static MemorySegment jni() {
        return environment(JNI_VERSION);
    }

    /**
     * Creates a JVMTI environment, for use on any thread. It costs nothing without capabilities, and is never disposed.
     */
    static MemorySegment jvmti() {
        return environment(JVMTI_VERSION);
    }

    /**
     * Adds capabilities to a JVMTI environment.
     *
     * @param capabilities bits as numbered in {@code jvmti.h}; only the first 64 can be added
     * @return 0, or an error of {@code jvmti.h}
     */
    static int addCapabilities(MemorySegment environment, long capabilities) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment wanted = arena.allocate(CAPABILITIES_BYTES);
            wanted.set(JAVA_LONG, 0, capabilities);
            return (int) jvmtiFunction(environment, ADD_CAPABILITIES, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS))
                    .invokeExact(environment, wanted);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment environment(int version) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment environment = arena.allocate(ADDRESS);
            check("GetEnv", (int) Functions.GET_ENV.invokeExact(Functions.VM, environment, version));
            return environment.get(ADDRESS, 0);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a function that the JVM's library exports. */
    static MethodHandle exported(String name, FunctionDescriptor type) {
        return Functions.LINKER.downcallHandle(Functions.SYMBOLS.findOrThrow(name), type);
    }

    /**
     * Returns the address of a function in the table that {@code environment} points to.
     *
     * @param slot the position in the table
     */
    static long address(MemorySegment environment, int slot) {
        return entry(environment, slot).address();
    }

    /** Returns the word of 8 bytes with this index at an address. */
    static long word(MemorySegment address, int index) {
        return address.reinterpret((index + 1L) * Long.BYTES).getAtIndex(JAVA_LONG, index);
    }

    /**
     * Returns a function of JNI.
     *
     * @param slot its position in {@code jni.h}
     */
    static MethodHandle jniFunction(MemorySegment environment, int slot, FunctionDescriptor type) {
        return Functions.LINKER.downcallHandle(entry(environment, slot), type);
    }

    /**
     * Returns a function of JVMTI.
     *
     * @param number its number in {@code jvmti.h}, where the first function has the number 1
     */
    static MethodHandle jvmtiFunction(MemorySegment environment, int number, FunctionDescriptor type) {
        return Functions.LINKER.downcallHandle(entry(environment, number - 1), type);
    }

    /** Returns a function that consists of Corral's own machine code. */
    static MethodHandle function(MemorySegment code, FunctionDescriptor type) {
        return Functions.LINKER.downcallHandle(code, type);
    }

    private static MemorySegment entry(MemorySegment environment, int slot) {
        return environment.reinterpret(ADDRESS.byteSize()).get(ADDRESS, 0)
                .reinterpret(ADDRESS.byteSize() * TABLE_ENTRIES).getAtIndex(ADDRESS, slot);
    }

    /** A downcall that returns an error of {@code jvmti.h}. */
    interface Call {
        int run() throws Throwable;
    }

    /**
     * Makes a downcall.
     *
     * @throws IllegalStateException if it returns an error
     */
    static void call(String function, Call call) {
        try {
            check(function, call.run());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Throws {@link IllegalStateException} if there is an error. */
    static void check(String function, int error) {
        if (error != 0) {
            throw new IllegalStateException(function + " failed with error " + error);
        }
    }
}
