package dev.corral.carrier;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.jspecify.annotations.Nullable;

/**
 * What threads have used up. That of one thread never shrinks, so neither does a sum in which each one stays.
 *
 * @param cpuNanos in user and kernel mode
 * @param allocatedBytes in the heap; to the byte
 */
public record ThreadUsage(long cpuNanos, long allocatedBytes) {
    /** Nothing. */
    public static final ThreadUsage NONE = new ThreadUsage(0, 0);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean TELLS_ALLOCATION = tellsAllocation();
    private static final long UNKNOWN = -1;

    /** What only module {@code jdk.management} tells, which an image made by {@code jlink} may lack. */
    private static final class Allocation {
        static final com.sun.management.ThreadMXBean THREADS = (com.sun.management.ThreadMXBean) ThreadUsage.THREADS;

        static boolean isTold() {
            return THREADS.isThreadAllocatedMemorySupported();
        }
    }

    private static boolean tellsAllocation() {
        try {
            return Allocation.isTold();
        } catch (LinkageError | ClassCastException e) {
            return false;
        }
    }

    /**
     * Of this platform thread since its start, virtual threads that it has carried included; null once it has ended. What the JVM
     * does not measure is 0.
     */
    public static @Nullable ThreadUsage of(Thread thread) {
        long cpu = THREADS.getThreadCpuTime(thread.threadId());
        long allocated = TELLS_ALLOCATION ? Allocation.THREADS.getThreadAllocatedBytes(thread.threadId()) : UNKNOWN;
        return cpu < 0 && allocated < 0 && !thread.isAlive() ? null
                : new ThreadUsage(Math.max(0, cpu), Math.max(0, allocated));
    }

    /** Both together. */
    public ThreadUsage plus(ThreadUsage other) {
        return new ThreadUsage(cpuNanos + other.cpuNanos, allocatedBytes + other.allocatedBytes);
    }

    /** What has come since that earlier reading of the same thread. */
    ThreadUsage since(ThreadUsage earlier) {
        return new ThreadUsage(Math.max(0, cpuNanos - earlier.cpuNanos),
                Math.max(0, allocatedBytes - earlier.allocatedBytes));
    }

    /** The later one of two readings of the same thread. */
    public ThreadUsage max(ThreadUsage other) {
        return new ThreadUsage(Math.max(cpuNanos, other.cpuNanos), Math.max(allocatedBytes, other.allocatedBytes));
    }
}
