package dev.corral;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Figures of a worker at one moment. They are estimates where they say so.
 *
 * @param uptime the time since the fork; for a worker that has ended, the length of its life
 * @param unwoven classes that could not be woven: classes of its program, and classes that it has defined at run time. They have no
 *     checkpoints, and reach the JDK itself
 */
public record WorkerStats(long id, int slot, WorkerState state, Duration uptime, Cpu cpu, Memory memory,
        Traffic traffic, Heartbeat heartbeat, int unwoven) {
    /**
     * Use of the processors.
     *
     * @param used CPU time of its carriers and its platform threads, including those that have ended; never shrinks
     * @param busy share of the last second in which its carriers were inside a task, from 0 to 1; sampled
     * @param virtualThreads its virtual threads that have not ended; 0 where that cannot be known
     * @param platformThreads its live platform threads, carriers included
     * @param runQueue its virtual threads that wait for a carrier
     */
    public record Cpu(Duration used, double busy, int virtualThreads, int platformThreads, int runQueue) {
        /** Of a worker that has used nothing. */
        public static final Cpu NONE = new Cpu(Duration.ZERO, 0, 0, 0, 0);
    }

    /**
     * Use of memory.
     *
     * @param allocatedBytes bytes of the heap that its carriers and its platform threads have ever allocated, including those that have
     *     ended; never shrinks; 0 in a JVM without the module {@code jdk.management}
     * @param liveBytes the part of these bytes that is still reachable; an estimate as of the last collection; empty where this JVM cannot
     *     know ({@link Capability#LIVE_BYTES})
     * @param loadedClasses classes of its program that its loader, and loaders that the program has made, have defined so far; without
     *     classes that the JDK makes for itself, as for lambdas and proxies
     * @param metaspaceBytes bytes outside of the heap that the classes of these loaders take, up to a second old; for a worker that has
     *     ended, as of the last time that somebody asked; empty where this JVM does not report it, at the first call (which starts to find it
     *     out), and where two clusters in this JVM have the same name
     */
    public record Memory(long allocatedBytes, OptionalLong liveBytes, int loadedClasses,
            OptionalLong metaspaceBytes) {
        /** Of a worker that has none. */
        public static final Memory NONE = new Memory(0, OptionalLong.empty(), 0, OptionalLong.empty());
    }

    /**
     * Connections and messages.
     *
     * @param connections connections that it was given and that are not closed yet, including those that it has not accepted
     * @param accepted connections that it has accepted since its fork
     * @param failed connections of {@link WorkerContext#serve} whose handler threw
     * @param mailbox messages that wait to be handled
     */
    public record Traffic(int connections, long accepted, long failed, int mailbox) {
        /** Of a worker that has had none. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0);
    }

    /**
     * Signs of life. The durations tell how long a task that does nothing waits for a carrier and runs, as measured in each interval of
     * {@link HeartbeatPolicy}, or in each tenth interval while the worker does nothing. They are empty while nothing was measured, as in a
     * worker without virtual threads.
     *
     * @param missed heartbeats missed in a row, as of the last check
     * @param p50 the median
     * @param p99 the 99th percentile
     * @param max the longest
     */
    public record Heartbeat(int missed, Optional<Duration> p50, Optional<Duration> p99, Optional<Duration> max) {
        /** Of a worker that has missed none, and in which nothing was measured. */
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
