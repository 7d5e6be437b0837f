package dev.corral;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * All settings of a cluster. Immutable; each {@code with} method returns a changed copy and throws for bad values, with
 * value and rule. {@link Cluster#open(Program, java.util.function.UnaryOperator)} hands out the default one to start from.
 */
public interface ClusterConfig {
    /** Replaces the name; it stands in logs, threads and loaders. Default: the program's name. Not blank. */
    ClusterConfig withName(String name);

    /** Replaces the number of slots filled at open; default: processors; 0 and up. */
    ClusterConfig withWorkers(int workers);

    /** Replaces the number of platform threads that run each worker's virtual threads; default 1; 1 to 64. */
    ClusterConfig withCarriers(int carriers);

    /** Replaces the variables that workers see over those of this JVM; default none. */
    ClusterConfig withEnv(Map<String, String> env);

    /** Replaces the restart policy. */
    ClusterConfig withRestart(RestartPolicy policy);

    /** Replaces how long a worker may be silent. */
    ClusterConfig withHeartbeat(HeartbeatPolicy policy);

    /**
     * Whether threads that cannot be ended at a checkpoint, because they are in a loop inside the JDK, are stopped there
     * ({@link Capability#ASYNC_STOP}); default true. Only in code of the JDK that works on the program's own data; false for
     * those who would rather have such a thread abandoned.
     */
    ClusterConfig withAsyncStop(boolean stop);

    /**
     * Replaces what creates the balancer of each shared port, and those for messages to any worker; default
     * {@code Balancer::roundRobin}. Called on the thread that binds or sends, while Corral holds no lock. Where it throws
     * or returns null, that is logged, and round robin takes its place.
     */
    ClusterConfig withBalancer(Supplier<Balancer> balancer);

    /**
     * Replaces the ports that are not shared: each worker that asks for one of them binds it for itself, so that the second
     * one gets a {@link java.net.BindException}, or with 0 a random port of its own. Default none. A server socket with
     * {@code SO_REUSEPORT} set is never shared.
     */
    ClusterConfig withExclusivePorts(Integer... ports);

    /** Replaces the limits of memory. */
    ClusterConfig withMemory(MemoryPolicy policy);

    /**
     * Whether the live bytes of workers are estimated, where that is possible ({@link Capability#LIVE_BYTES}); default true. It
     * samples the allocations of the whole JVM, a few of each thousand.
     */
    ClusterConfig withLiveBytes(boolean estimate);

    /**
     * Replaces how many live threads each worker may have; a worker that has more is killed ({@link ExitReason.OverThreads}). The limits are
     * there for a program that starts threads without end: it would fill the heap, or use up the threads that the operating system
     * allows the JVM, for all workers.
     *
     * <p>A virtual thread over the limit is refused with a {@link java.util.concurrent.RejectedExecutionException}, and the worker is
     * killed unless it falls below nine tenths of the limit within a second; so one that a rush of requests takes there may recover. Platform
     * threads are counted about twenty times a second.
     *
     * @param platform carriers not included; default 4,000; 1 and up. Where the operating system allows the JVM fewer than twice as many,
     *     the limit is half of what it allows
     * @param virtual default one for each 8 KiB of the maximum heap, but at least 10,000; 1 and up. Without
     *     {@link Capability#OWN_SCHEDULER} there is no limit
     */
    ClusterConfig withMaxThreads(int platform, int virtual);

    /** Replaces the deadlines of an end. */
    ClusterConfig withStop(StopPolicy policy);

    /** Replaces how workers are replaced. */
    ClusterConfig withReload(ReloadPolicy policy);

    /**
     * Whether SIGUSR2 reloads the cluster, as {@link Cluster#reload()}, and any other of this JVM that asks for it; default false.
     * Needs {@link Capability#RELOAD_SIGNAL}: {@code open} refuses where it is absent.
     */
    ClusterConfig withReloadSignal(boolean reload);

    /** Whether ready means that {@link WorkerContext#ready} was called, not that a server asks for connections; default false. */
    ClusterConfig withReadySignal(boolean explicit);

    /**
     * Whether an uncaught exception of any thread ends its worker (Node) or is only printed (Java); default true. An uncaught
     * OutOfMemoryError ends it in any case.
     */
    ClusterConfig withUncaughtEnds(boolean ends);

    /**
     * Replaces how many messages a mailbox holds before its senders wait: each worker has one, and one for what it sends to the master.
     * Default 1024; 2 to 1,048,576, a power of two.
     */
    ClusterConfig withMailbox(int capacity);

    /**
     * Replaces what takes each line that workers print; default: this JVM's streams, with name and slot in front, as in
     * {@code hello/2 | text}, in the bytes that were printed. The parts of a line longer than 64 KiB are marked:
     * {@code hello/2 part 1 | text}, {@code hello/2 last part | text}.
     */
    ClusterConfig withOutput(OutputSink sink);

    /** Adds a listener that hears everything from the first fork on; see {@link Cluster#on}. */
    ClusterConfig withListener(Consumer<? super ClusterEvent> listener);

    /** Replaces what must be there: {@code open} refuses where one of these is absent. Default none. */
    ClusterConfig withRequired(Capability... capabilities);

    /**
     * Whether the cluster is closed when the JVM shuts down; default true. Turn it off where a container closes it.
     */
    ClusterConfig withShutdownHook(boolean hook);

    /** The cluster's name. */
    String name();

    /** Slots filled at open. */
    int workers();

    /** Carriers of each worker. */
    int carriers();

    /** Variables over those of this JVM. */
    Map<String, String> env();

    /** When slots restart. */
    RestartPolicy restart();

    /** How long a worker may be silent. */
    HeartbeatPolicy heartbeat();

    /** Whether loops inside the JDK are stopped. */
    boolean asyncStop();

    /** What makes the balancer of a port. */
    Supplier<Balancer> balancer();

    /** Ports that are not shared. */
    Set<Integer> exclusivePorts();

    /** See {@link #withMemory}. */
    MemoryPolicy memory();

    /** See {@link #withLiveBytes}. */
    boolean liveBytes();

    /** See {@link #withMaxThreads}. */
    int maxPlatformThreads();

    /** See {@link #withMaxThreads}. */
    int maxVirtualThreads();

    /** Deadlines of an end. */
    StopPolicy stop();

    /** How workers are replaced. */
    ReloadPolicy reload();

    /** Whether SIGUSR2 reloads. */
    boolean reloadSignal();

    /** Whether ready needs {@link WorkerContext#ready}. */
    boolean readySignal();

    /** Whether an uncaught exception ends its worker. */
    boolean uncaughtEnds();

    /** Messages that a mailbox holds. */
    int mailbox();

    /** What takes the lines that workers print. */
    OutputSink output();

    /** Listeners from the first fork on. */
    List<Consumer<? super ClusterEvent>> listeners();

    /** What must be there. */
    Set<Capability> required();

    /** Whether the end of the JVM closes the cluster. */
    boolean shutdownHook();
}
