package dev.corral;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The settings of a cluster. Immutable. Each {@code with} method returns a changed copy; a value out of range throws
 * {@link IllegalArgumentException}, whose text has the value and the rule.
 * {@link Cluster#open(Program, java.util.function.UnaryOperator)} passes the default settings to its argument.
 */
public interface ClusterConfig {
    /**
     * Sets the name of the cluster, which appears in logs and in the names of threads and class loaders. Default: the
     * program's name. Not blank.
     */
    ClusterConfig withName(String name);

    /**
     * Sets the number of workers that {@link Cluster#open} forks, each in a slot; from 0 to 10,000. Default: the number
     * of processors.
     */
    ClusterConfig withWorkers(int workers);

    /** Sets the number of platform threads that run the virtual threads of each worker. 1 to 64. Default: 1. */
    ClusterConfig withCarriers(int carriers);

    /**
     * Sets environment variables of the workers. They are added to those of this JVM, or replace them. Default: none.
     */
    ClusterConfig withEnv(Map<String, String> env);

    /** Sets the restart policy. Default: {@link RestartPolicy#DEFAULT}. */
    ClusterConfig withRestart(RestartPolicy policy);

    /** Sets the time for which a worker may be silent. Default: {@link HeartbeatPolicy#DEFAULT}. */
    ClusterConfig withHeartbeat(HeartbeatPolicy policy);

    /**
     * Sets whether Corral stops threads of a killed worker that are in a loop inside the JDK, where they reach no
     * checkpoint ({@link Capability#ASYNC_STOP}). A thread is stopped only in JDK code that works on the program's own
     * data. With false such a thread is abandoned. Default: true.
     */
    ClusterConfig withAsyncStop(boolean stop);

    /**
     * Sets whether the cluster logs its events, one line each, to the {@link System.Logger} {@code dev.corral}. The
     * reference lists the lines and their levels. False suits a program whose listener reports events itself. Default:
     * true.
     */
    ClusterConfig withEventLog(boolean log);

    /**
     * Sets whether Corral may open packages of the JDK to itself, and enable native access for itself, if the JVM was
     * started without the flags that do so. It needs them for its {@linkplain Capability capabilities}. The JVM prints
     * a warning about native access then. The first cluster of a JVM decides; so do {@link Cluster#capabilities} and
     * {@link Program#inspect}, as if it were true. Default: true.
     */
    ClusterConfig withSelfOpening(boolean open);

    /**
     * Sets the supplier that creates the balancer of each shared port, and the balancers of messages to any worker. It
     * is called on the thread that binds or sends, while Corral holds no lock. If it throws or returns null, Corral
     * logs this and uses round robin. Default: {@code Balancer::roundRobin}.
     */
    ClusterConfig withBalancer(Supplier<Balancer> balancer);

    /**
     * Sets the ports that are not shared. Each worker binds such a port for itself: the second worker that does so gets
     * a {@link java.net.BindException}, or with 0 another random port. A server socket with {@code SO_REUSEPORT} is
     * never shared. Default: none.
     *
     * @param ports 0 to 65535
     */
    ClusterConfig withExclusivePorts(Integer... ports);

    /** Sets the limits of memory. Default: {@link MemoryPolicy#DEFAULT}. */
    ClusterConfig withMemory(MemoryPolicy policy);

    /**
     * Sets whether the live bytes of workers are estimated, where that is possible ({@link Capability#LIVE_BYTES}). The
     * estimate samples a few of each thousand allocations of the whole JVM. Default: true.
     */
    ClusterConfig withLiveBytes(boolean estimate);

    /**
     * Sets the number of live threads that each worker may have. A worker that has more is killed
     * ({@link ExitReason.OverThreads}). The limits protect all workers from a program that starts threads without end,
     * which would fill the heap or use up the threads that the operating system allows the JVM.
     *
     * <p>A virtual thread over the limit is refused with a {@link java.util.concurrent.RejectedExecutionException}. The
     * worker is killed unless it falls below nine tenths of the limit within a second, so a worker that reached the
     * limit in a burst of requests can recover. Platform threads are counted about twenty times a second.
     *
     * @param platform platform threads, without carriers; 1 and up; default 4,000. If the operating system allows the
     *        JVM fewer than twice as many, the limit is half of what it allows
     * @param virtual virtual threads; 1 and up; default one for each 8 KiB of the maximum heap, but at least 10,000.
     *        Without {@link Capability#OWN_SCHEDULER} there is no limit
     */
    ClusterConfig withMaxThreads(int platform, int virtual);

    /** Sets the deadlines of a stop. Default: {@link StopPolicy#DEFAULT}. */
    ClusterConfig withStop(StopPolicy policy);

    /** Sets how workers are replaced. Default: {@link ReloadPolicy#DEFAULT}. */
    ClusterConfig withReload(ReloadPolicy policy);

    /**
     * Sets whether SIGUSR2 reloads the cluster, as {@link Cluster#reload()} does. One signal reloads all clusters of
     * this JVM that have this setting. Needs {@link Capability#RELOAD_SIGNAL}; where it is absent, {@code open} throws
     * {@link CorralException}. Default: false.
     */
    ClusterConfig withReloadSignal(boolean reload);

    /**
     * Sets when a worker is ready: with true only when it calls {@link WorkerContext#ready}; with false also when its
     * server asks for connections, or when its entry method has returned and it serves messages only. Default: false.
     */
    ClusterConfig withReadySignal(boolean explicit);

    /**
     * Sets whether an uncaught exception of any thread ends its worker, as in Node, or is only printed, as in Java. An
     * uncaught OutOfMemoryError ends the worker in any case. Default: true.
     */
    ClusterConfig withUncaughtEnds(boolean ends);

    /**
     * Sets the number of messages that a mailbox holds before senders wait. Each worker has one mailbox for what it
     * receives, and one for what it sends to the master.
     *
     * @param capacity a power of two from 2 to 1,048,576; default 1024
     */
    ClusterConfig withMailbox(int capacity);

    /**
     * Sets the sink that receives each line that workers print. Default: a sink that writes the bytes to this JVM's
     * streams, with the worker's name in front, as in {@code hello#2 | text}. It marks the parts of a line longer than
     * 64 KiB: {@code hello/2 part 1 | text}, {@code hello/2 last part | text}.
     */
    ClusterConfig withOutput(OutputSink sink);

    /** Adds a listener that receives all events from the first fork on; see {@link Cluster#on}. Default: none. */
    ClusterConfig withListener(Consumer<? super ClusterEvent> listener);

    /**
     * Sets the capabilities that this cluster requires: where one of them is absent, {@code open} throws
     * {@link CorralException}. Default: none.
     */
    ClusterConfig withRequired(Capability... capabilities);

    /**
     * Sets whether the cluster is closed when the JVM shuts down. Use false where a container closes it. Default: true.
     */
    ClusterConfig withShutdownHook(boolean hook);

    /** Returns the name of the cluster. */
    String name();

    /** Returns the number of workers that {@code open} forks. */
    int workers();

    /** Returns the number of carriers of each worker. */
    int carriers();

    /** Returns the variables that are added to those of this JVM, or replace them. */
    Map<String, String> env();

    /** Returns the restart policy. */
    RestartPolicy restart();

    /** Returns how long a worker may be silent. */
    HeartbeatPolicy heartbeat();

    /** Returns whether loops inside the JDK are stopped. */
    boolean asyncStop();

    /** Returns whether the cluster logs its events. */
    boolean eventLog();

    /** Returns whether Corral may open packages of the JDK to itself. */
    boolean selfOpening();

    /** Returns the supplier that creates the balancer of a port. */
    Supplier<Balancer> balancer();

    /** Returns the ports that are not shared. */
    Set<Integer> exclusivePorts();

    /** Returns the limits of memory. */
    MemoryPolicy memory();

    /** Returns whether live bytes are estimated. */
    boolean liveBytes();

    /** Returns the number of platform threads that a worker may have; see {@link #withMaxThreads}. */
    int maxPlatformThreads();

    /** Returns the number of virtual threads that a worker may have; see {@link #withMaxThreads}. */
    int maxVirtualThreads();

    /** Returns the deadlines of a stop. */
    StopPolicy stop();

    /** Returns how workers are replaced. */
    ReloadPolicy reload();

    /** Returns whether SIGUSR2 reloads. */
    boolean reloadSignal();

    /** Returns whether a worker is ready only when it calls {@link WorkerContext#ready}. */
    boolean readySignal();

    /** Returns whether an uncaught exception ends its worker. */
    boolean uncaughtEnds();

    /** Returns the number of messages that a mailbox holds. */
    int mailbox();

    /** Returns the sink that receives the lines that workers print. */
    OutputSink output();

    /** Returns the listeners that receive all events from the first fork on. */
    List<Consumer<? super ClusterEvent>> listeners();

    /** Returns the capabilities that this cluster requires. */
    Set<Capability> required();

    /** Returns whether the cluster is closed when the JVM shuts down. */
    boolean shutdownHook();
}
