package dev.corral.carrier;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The resources that threads have used. The usage of one thread never shrinks. A sum does not shrink either, as long as
 * no thread is removed from it.
 *
 * @param cpuNanos the CPU time in user and kernel mode, in nanoseconds
 * @param allocatedBytes the bytes allocated in the heap, exactly
 */
public record ThreadUsage(long cpuNanos, long allocatedBytes) {
    /** No usage. */
    public static final ThreadUsage NONE = new ThreadUsage(0, 0);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean MEASURES_ALLOCATION = measuresAllocation();
    private static final long UNKNOWN = -1;

    /**
     * Access to the part of the bean that only module {@code jdk.management} has. An image created by {@code jlink} may
     * lack it.
     */
    private static final class Allocation {
        static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ThreadUsage.THREADS;

        static boolean isSupported() {
            return THREADS.isThreadAllocatedMemorySupported();
        }
    }

    private static boolean measuresAllocation() {
        try {
            return Allocation.isSupported();
        } catch (LinkageError | ClassCastException e) {
            return false;
        }
    }

    /**
     * Returns what this platform thread has used since its start, including virtual threads that it has carried; null
     * once it has ended. A figure that the JVM does not measure is 0.
     */
    public static @Nullable ThreadUsage of(Thread thread) {
        long cpu = THREADS.getThreadCpuTime(thread.threadId());
        long allocated = MEASURES_ALLOCATION ? Allocation.THREADS.getThreadAllocatedBytes(thread.threadId()) : UNKNOWN;
        return cpu < 0 && allocated < 0 && !thread.isAlive() ? null
                : new ThreadUsage(Math.max(0, cpu), Math.max(0, allocated));
    }

    /** Returns the sum of both. */
    public ThreadUsage plus(ThreadUsage other) {
        return new ThreadUsage(cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes);
    }

    /** Returns the usage since an earlier reading of the same thread. */
    ThreadUsage since(ThreadUsage earlier) {
        return new ThreadUsage(Math.max(0, cpuNanos - earlier.cpuNanos),
                Math.max(0, allocatedBytes - earlier.allocatedBytes));
    }

    /** Returns the later one of two readings of the same thread. */
    public ThreadUsage max(ThreadUsage other) {
        return new ThreadUsage(Math.max(cpuNanos, other.cpuNanos), Math.max(allocatedBytes, other.allocatedBytes));
    }
}
