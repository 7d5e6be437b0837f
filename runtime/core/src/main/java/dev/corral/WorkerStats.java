package dev.corral;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Accounts of a worker, as estimates of one moment.
 *
 * @param uptime since the fork; of an ended worker, its whole life
 * @param cpu what its carriers and its platform threads have burnt, those that have ended included; never shrinks
 * @param busy share of the last second or so that its carriers were inside a task, 0 to 1
 * @param virtualThreads its virtual threads that have not ended; 0 where that cannot be known
 * @param platformThreads its own live platform threads, carriers included
 * @param allocatedBytes what the same threads have ever allocated in the heap, those that have ended included; never shrinks; 0 in a
 *     JVM without the module {@code jdk.management}
 * @param liveBytes what is still reachable of that, an estimate as of the last collection; empty where this JVM cannot know
 *     ({@link Capability#LIVE_BYTES})
 * @param loadedClasses classes of its program that its loader and those that the program made have defined so far; not those that
 *     the JDK makes for itself, as for lambdas and proxies
 * @param metaspaceBytes what the classes of these loaders take outside of the heap, up to a second old or, for an ended worker, as
 *     of when somebody asked last; empty where this JVM does not tell, at the first call (which has it found out), and where two
 *     clusters in this JVM have one name
 * @param connections handed connections that are not closed yet, those that it has not accepted included
 * @param accepted connections that it has accepted in all
 * @param failed connections of {@link WorkerContext#serve} whose handler threw
 * @param mailbox messages to it that wait to be handled
 * @param runQueue its virtual threads that wait for a carrier
 * @param missed heartbeats missed in a row, as of the last look
 * @param heartbeatP50 how long a task that does nothing waits for a carrier and runs, as measured in each interval of
 *     {@link HeartbeatPolicy}, in each tenth while it does nothing: the median. These three are empty while nothing was measured, as
 *     in a worker without virtual threads
 * @param heartbeatP99 the 99th percentile
 * @param heartbeatMax the longest
 * @param unwoven classes that could not be woven, of its program and of those that it has defined at run time: they have no
 *     checkpoints, and reach the JDK itself
 */
public record WorkerStats(long id, int slot, WorkerState state, Duration uptime, Duration cpu, double busy,
        int virtualThreads, int platformThreads, long allocatedBytes, OptionalLong liveBytes, int loadedClasses,
        OptionalLong metaspaceBytes, int connections, long accepted, long failed, int mailbox, int runQueue, int missed,
        Optional<Duration> heartbeatP50,
        Optional<Duration> heartbeatP99, Optional<Duration> heartbeatMax, int unwoven) {}
