package dev.corral;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The figures of a worker at one moment. Some are estimates, as their comments say.
 *
 * @param id the worker's id
 * @param slot the worker's slot
 * @param state the worker's state
 * @param uptime the time since the fork; for a worker that has ended, the time from fork to end
 * @param cpu its use of the processors
 * @param memory its use of memory
 * @param traffic its connections and messages
 * @param heartbeat its signs of life
 * @param unwoven the number of classes that could not be woven: classes of its program, and classes that it has defined
 *        at run time. They have no checkpoints, and their calls reach the JDK itself
 */
public record WorkerStats(long id, int slot, WorkerState state, Duration uptime, Cpu cpu, Memory memory,
        Traffic traffic, Heartbeat heartbeat, int unwoven) {
    /**
     * The use of the processors.
     *
     * @param used CPU time of the worker's carriers and platform threads, including those that have ended; never
     *        decreases
     * @param busy share of the last second in which its carriers were inside a task, from 0 to 1; sampled
     * @param virtualThreads the number of its virtual threads that have not ended; 0 where that cannot be known
     * @param platformThreads the number of its live platform threads, including carriers
     * @param runQueue the number of its virtual threads that wait for a carrier
     */
    public record Cpu(Duration used, double busy, int virtualThreads, int platformThreads, int runQueue) {
        /** The figures of a worker that has used no CPU time. */
        public static final Cpu NONE = new Cpu(Duration.ZERO, 0, 0, 0, 0);
    }

    /**
     * The use of memory.
     *
     * @param allocatedBytes bytes of the heap that the worker's carriers and platform threads have allocated so far,
     *        including those threads that have ended; never decreases; 0 in a JVM without the module
     *        {@code jdk.management}
     * @param liveBytes the part of these bytes that is still reachable; an estimate as of the last collection; empty
     *        where this JVM cannot know it ({@link Capability#LIVE_BYTES})
     * @param loadedClasses the number of classes of its program that its class loader, and class loaders that the
     *        program has created, have defined so far; without classes that the JDK generates, as for lambdas and
     *        proxies
     * @param metaspaceBytes bytes outside of the heap that the classes of these loaders take, up to a second old; for a
     *        worker that has ended, as of the last request. Empty where this JVM does not report it, at the first call
     *        (which starts the measurement), and where two clusters in this JVM have the same name
     */
    public record Memory(long allocatedBytes, OptionalLong liveBytes, int loadedClasses,
            OptionalLong metaspaceBytes) {
        /** The figures of a worker that uses no memory. */
        public static final Memory NONE = new Memory(0, OptionalLong.empty(), 0, OptionalLong.empty());
    }

    /**
     * Connections and messages.
     *
     * @param connections the number of connections that were assigned to the worker and are not closed, including those
     *        that it has not yet accepted
     * @param accepted the number of connections that it has accepted since its fork
     * @param failed the number of connections of {@link WorkerContext#serve} whose handler threw
     * @param mailbox the number of messages that wait to be handled
     */
    public record Traffic(int connections, long accepted, long failed, int mailbox) {
        /** The figures of a worker that has had no connections and no messages. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);
    }

    /**
     * Signs of life. The durations are the time from the start of a task that does nothing to its end, including its
     * wait for a carrier. They are measured once in each interval of {@link HeartbeatPolicy}, or in each tenth interval
     * while the worker does nothing. They are empty while nothing was measured, as in a worker without virtual threads.
     *
     * @param missed the checks missed in a row, as of the last check
     * @param p50 the median
     * @param p99 the 99th percentile
     * @param max the longest
     */
    public record Heartbeat(int missed, Optional<Duration> p50, Optional<Duration> p99, Optional<Duration> max) {
        /** The figures of a worker that has missed no check, and in which nothing was measured. */
        public static final Heartbeat NONE = new Heartbeat(0, Optional.empty(), Optional.empty(), Optional.empty());
    }

    // Shortcuts, so that code which was written before the figures were grouped compiles.

    /** Returns {@link Memory#allocatedBytes}. */
    public long allocatedBytes() {
        return memory.allocatedBytes();
    }

    /** Returns {@link Memory#liveBytes}. */
    public OptionalLong liveBytes() {
        return memory.liveBytes();
    }

    /** Returns {@link Memory#loadedClasses}. */
    public int loadedClasses() {
        return memory.loadedClasses();
    }

    /** Returns {@link Memory#metaspaceBytes}. */
    public OptionalLong metaspaceBytes() {
        return memory.metaspaceBytes();
    }

    /** Returns {@link Cpu#busy}. */
    public double busy() {
        return cpu.busy();
    }

    /** Returns {@link Cpu#virtualThreads}. */
    public int virtualThreads() {
        return cpu.virtualThreads();
    }

    /** Returns {@link Cpu#platformThreads}. */
    public int platformThreads() {
        return cpu.platformThreads();
    }

    /** Returns {@link Cpu#runQueue}. */
    public int runQueue() {
        return cpu.runQueue();
    }

    /** Returns {@link Traffic#connections}. */
    public int connections() {
        return traffic.connections();
    }

    /** Returns {@link Traffic#accepted}. */
    public long accepted() {
        return traffic.accepted();
    }

    /** Returns {@link Traffic#failed}. */
    public long failed() {
        return traffic.failed();
    }

    /** Returns {@link Traffic#mailbox}. */
    public int mailbox() {
        return traffic.mailbox();
    }

    /** Returns {@link Heartbeat#missed}. */
    public int missed() {
        return heartbeat.missed();
    }

    /** Returns {@link Heartbeat#p50}. */
    public Optional<Duration> heartbeatP50() {
        return heartbeat.p50();
    }

    /** Returns {@link Heartbeat#p99}. */
    public Optional<Duration> heartbeatP99() {
        return heartbeat.p99();
    }

    /** Returns {@link Heartbeat#max}. */
    public Optional<Duration> heartbeatMax() {
        return heartbeat.max();
    }
}
