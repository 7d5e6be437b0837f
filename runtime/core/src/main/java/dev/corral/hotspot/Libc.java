package dev.corral.hotspot;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Functions of the C library on Linux, where {@link NativeFunctions#areUsable}. Thread-safe. */
@SuppressWarnings("restricted") // this class needs native access
final class Libc {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final long PAGE = 4096;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int PRIO_PROCESS = 0;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final long FIONREAD = 0x541B;
    /** The offset of {@code tcpi_bytes_received} in {@code struct tcp_info}; since Linux 4.1. */
    private static final long BYTES_RECEIVED = 128;

    private Libc() {}

    /** The functions, which are looked up and linked at the first use of one of them. */
    private static final class Functions {
        static final MethodHandle MMAP = function("mmap",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        static final MethodHandle MPROTECT = function("mprotect",
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        static final MethodHandle SETPRIORITY = function("setpriority",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle FCNTL = function("fcntl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Linker.Option.firstVariadicArg(2));
        static final MethodHandle DUP2 =
                function("dup2", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        static final MethodHandle STRERROR = function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
        static final MethodHandle GETSOCKOPT = function("getsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle IOCTL = function("ioctl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Linker.Option.firstVariadicArg(2));
        static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }

    /** Maps memory that is filled with 0 and never freed. It uses no physical memory before it is written. */
    static MemorySegment pages(long bytes) {
        try {
            var mapped = (MemorySegment) Functions.MMAP.invokeExact(MemorySegment.NULL, bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE_ANONYMOUS, -1, 0L);
            if (mapped.address() == -1) {
                throw new IllegalStateException("no address space for " + bytes + " bytes");
            }
            return mapped.reinterpret(bytes);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the address of a function, for machine code that calls it. */
    static long address(String function) {
        return LINKER.defaultLookup().findOrThrow(function).address();
    }

    /**
     * Copies machine code to a page of memory of its own and returns the page. The page is first writable, then
     * executable, never both, and is never freed.
     *
     * @param bytes the code, at most 4,096 values of 0 to 255
     */
    static MemorySegment code(int... bytes) {
        try {
            MemorySegment page = pages(PAGE);
            for (int i = 0; i < bytes.length; i++) {
                page.set(JAVA_BYTE, i, (byte) bytes[i]);
            }
            if ((int) Functions.MPROTECT.invokeExact(page, PAGE, PROT_READ | PROT_EXEC) != 0) {
                throw new IllegalStateException("memory cannot be made executable here");
            }
            return page;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Sets the nice value of one thread of this process.
     *
     * @return false if the system refuses
     */
    static boolean setNice(int tid, int nice) {
        try {
            return (int) Functions.SETPRIORITY.invokeExact(PRIO_PROCESS, tid, nice) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a second descriptor of the same file; negative if that fails. */
    static int duplicate(int descriptor) {
        try {
            return (int) Functions.FCNTL.invokeExact(descriptor, F_DUPFD_CLOEXEC, 0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Redirects {@code replaced} to the file of {@code descriptor} ({@code dup2}); negative if that fails. */
    static int replace(int descriptor, int replaced) {
        try {
            return (int) Functions.DUP2.invokeExact(descriptor, replaced);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the text of an error number, in the language of this process. */
    static String textOf(int error) {
        try {
            return ((MemorySegment) Functions.STRERROR.invokeExact(error)).reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Returns the number of bytes that the kernel has received in order from the peer of a TCP socket; -1 for anything
     * else.
     */
    static long receivedBytes(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(BYTES_RECEIVED + Long.BYTES, Long.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) info.byteSize());
            int result = (int) Functions.GETSOCKOPT.invokeExact(descriptor, IPPROTO_TCP, TCP_INFO, info, length);
            return result == 0 && length.get(JAVA_INT, 0) == info.byteSize() ? info.get(JAVA_LONG, BYTES_RECEIVED) : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the number of bytes that have arrived at a socket and were not read; negative if that fails. */
    static int unreadBytes(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocateFrom(JAVA_INT, -1);
            return (int) Functions.IOCTL.invokeExact(descriptor, FIONREAD, count) == 0 ? count.get(JAVA_INT, 0) : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** Closes a descriptor; negative if that fails. */
    static int close(int descriptor) {
        try {
            return (int) Functions.CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
