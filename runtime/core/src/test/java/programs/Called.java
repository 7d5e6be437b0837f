package programs;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Is inside an upcall, in the way that the first argument names and on the thread that the second names. */
@SuppressWarnings("restricted") // methods that reach native code
public final class Called {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final AddressLayout ADDRESS = ValueLayout.ADDRESS;
    private static final FunctionDescriptor COMPARISON =
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ADDRESS);
    private static long sink;
    private static String how;

    private Called() {}

    public static void main(String[] args) throws Throwable {
        how = args[0];
        System.out.println("sorted " + sorted(5, 2, 9));
        Runnable call = () -> sort("call");
        switch (args[1]) {
            case "platform" -> new Thread(call).start();
            case "virtual" -> Executors.newVirtualThreadPerTaskExecutor().execute(call);
            case "native" -> startNative();
            default -> throw new IllegalArgumentException(args[1]);
        }
        LockSupport.park();
    }

    /** What an upcall is for. */
    private static String sorted(int... numbers) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_INT, numbers);
            qsort(memory, numbers.length, stub("compare", COMPARISON, arena));
            return java.util.Arrays.toString(memory.toArray(ValueLayout.JAVA_INT));
        }
    }

    private static void sort(String comparator) {
        qsort(Arena.global().allocate(64), 16, stub(comparator, COMPARISON, Arena.global()));
        System.out.println("native code has returned");
    }

    private static void qsort(MemorySegment memory, long length, MemorySegment comparator) {
        MethodHandle qsort = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("qsort"),
                FunctionDescriptor.ofVoid(ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ADDRESS));
        try {
            qsort.invokeExact(memory, length, 4L, comparator);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static MemorySegment stub(String method, FunctionDescriptor function, Arena arena) {
        try {
            MethodHandle target = MethodHandles.lookup().findStatic(Called.class, method, function.toMethodType());
            return LINKER.upcallStub(target, function, arena);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** A thread that the C library makes, and of which it wants an address when it ends. */
    private static void startNative() throws Throwable {
        MethodHandle create = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("pthread_create"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        MemorySegment start = stub("runNative", FunctionDescriptor.of(ADDRESS, ADDRESS), Arena.global());
        var _ = (int) create.invokeExact(Arena.global().allocate(8), MemorySegment.NULL, start, MemorySegment.NULL);
    }

    static MemorySegment runNative(MemorySegment argument) {
        sort("call");
        return argument;
    }

    static int compare(MemorySegment a, MemorySegment b) {
        return Integer.compare(a.reinterpret(4).get(ValueLayout.JAVA_INT, 0),
                b.reinterpret(4).get(ValueLayout.JAVA_INT, 0));
    }

    static int call(MemorySegment a, MemorySegment b) {
        System.out.println("inside");
        switch (how) {
            case "spin" -> {
                while (true) {
                    sink++;
                }
            }
            case "sleep" -> {
                while (true) {
                    try {
                        Thread.sleep(100_000);
                    } catch (InterruptedException e) {
                        sink++;
                    }
                }
            }
            case "throw" -> throw new IllegalStateException("thrown in an upcall");
            case "overflow" -> {
                sink++;
                return call(b, a) + 1;
            }
            case "exit" -> System.exit(7);
            case "nested" -> {
                how = "spin";
                sort("call");
            }
            case "regex" -> sink += java.util.regex.Pattern.compile("((a|aa)+)+$").matcher("a".repeat(80) + "!").find()
                    ? 1 : 0;
            default -> throw new IllegalArgumentException(how);
        }
        return 0;
    }
}
