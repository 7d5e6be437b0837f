package dev.corral;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A cluster: a master, and the workers that run one program in isolation from each other. Thread-safe. An open cluster
 * keeps the JVM alive.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.open(Program.jar(Path.of("app.jar")), 4)) {
 *     cluster.awaitClosed();
 * }
 * }</pre>
 *
 * <p>The master is one platform thread that takes all decisions. It never waits for a worker. Several clusters can
 * exist in one JVM; they do not affect each other.
 */
public interface Cluster extends AutoCloseable {
    /**
     * Opens a cluster and forks {@code workers} workers that run the program. Returns without waiting for the workers.
     *
     * @param workers from 0 to 10,000; with 0 no worker is forked until {@link #fork} is called
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws CorralException if this JVM lacks something that the program or the configuration needs
     * @throws IllegalStateException in a worker: a worker cannot open a cluster
     */
    static Cluster open(Program program, int workers) {
        return open(program, config -> config.withWorkers(workers));
    }

    /**
     * Opens a cluster with a configuration, and forks its {@linkplain ClusterConfig#withWorkers workers}. Returns
     * without waiting for the workers.
     *
     * @param configure receives the default configuration and returns the one to use
     * @throws CorralException if this JVM lacks something that the program or the configuration needs; the text names
     *         what would provide it
     * @throws IllegalStateException in a worker: a worker cannot open a cluster
     */
    static Cluster open(Program program, UnaryOperator<ClusterConfig> configure) {
        return Implementation.open(requireNonNull(program, "program"), requireNonNull(configure, "configure"));
    }

    /** Returns whether the current thread belongs to no worker. */
    static boolean isMaster() {
        return !isWorker();
    }

    /** Returns whether the current thread belongs to a worker. */
    static boolean isWorker() {
        return WorkerContext.find().isPresent();
    }

    /** Returns the capabilities of this JVM, which depend on its flags and its platform. */
    static Set<Capability> capabilities() {
        return Capability.present();
    }

    /** Returns the configuration of this cluster. */
    ClusterConfig config();

    /**
     * Returns the program that new workers run. It changes when a {@linkplain #reload(Program) reload} has given the
     * new program to all slots.
     */
    Program program();

    /**
     * Adds a slot and forks its first worker. The slot has the lowest number that is free. Does not wait until the
     * worker is ready.
     *
     * @param env variables that are added to the {@linkplain ClusterConfig#withEnv configured} ones, or replace them;
     *        later workers of the slot get them as well
     * @throws IllegalStateException if the cluster is closed
     */
    Worker fork(Map<String, String> env);

    /**
     * Adds a slot and forks its first worker, with the configured variables.
     *
     * @throws IllegalStateException if the cluster is closed
     */
    default Worker fork() {
        return fork(Map.of());
    }

    /**
     * Sets the number of slots. Slots that are missing are added, with the configured variables. If there are too many
     * slots, the workers of the newest ones are disconnected. Reloads, replacements and scalings run one at a time;
     * this one waits for its turn.
     *
     * @param workers from 0 to 10,000
     * @return a future that completes when the added workers are ready and the removed ones have ended. It completes
     *         exceptionally, with {@link CorralException}, if an added slot closes, gives up or is not ready within
     *         {@link ReloadPolicy#readyWithin} (the slot remains), or if the cluster is closed
     * @throws IllegalArgumentException if {@code workers} is negative
     */
    CompletableFuture<Void> scale(int workers);

    /**
     * Reloads the current program: takes a new snapshot of its files, {@link Program#again}, and continues as
     * {@link #reload(Program)}. The snapshot is taken before this method returns, so this method may block while it
     * reads files. The current program is the one that {@link #program()} returns at the call; other reloads that are
     * under way or wait for their turn do not change it.
     *
     * @throws CorralException if the files cannot be read
     */
    CompletableFuture<ReloadResult> reload();

    /**
     * Replaces all workers by workers of another program, as {@link ReloadPolicy} says, the lowest slot first. For each
     * slot a new worker is forked. When the new worker is ready, the old one is drained and stopped. The next slot does
     * not wait for that end, unless the number of workers that are ending is half the number of slots. At any moment at
     * least as many workers are ready as without the reload.
     *
     * <p>The reload is aborted if a replacement is not ready in time or ends before it is ready. It is also aborted if
     * a worker of the new program ends, other than on request, while slots remain to be replaced. After an abort, the
     * slots that have the new program get the old one back in the same way. If that fails as well, the restart policy
     * decides.
     *
     * <p>{@link #program()} changes when every slot has the new program. A slot keeps its variables and its weight; its
     * count of restarts begins again. Slots that wait for a restart or have given up get the new program as well.
     * Workers may be forked, killed or disconnected during a reload, which then continues with the slots that exist.
     *
     * <p>Reloads, replacements and scalings run one at a time; further ones wait for their turn.
     *
     * @return a future that completes when only workers of the new program are left, or only workers of the old one. It
     *         never completes exceptionally. If the cluster is closed first, the result is {@link ReloadResult.Aborted}
     */
    CompletableFuture<ReloadResult> reload(Program next);

    /**
     * Returns a snapshot of the live workers, in ascending order of their ids. Workers that are draining or stopping
     * are included.
     */
    List<Worker> workers();

    /** Returns the live worker with this id; empty if there is none. */
    Optional<Worker> worker(long id);

    /**
     * Returns the current worker of a slot; empty while the slot waits for a restart, after it gave up, and if it does
     * not exist.
     */
    Optional<Worker> slot(int slot);

    /**
     * Registers a listener for all later events of a type. The listener is called on the event thread, with one event
     * at a time, in order. An exception that the listener throws is logged. A listener that runs for longer than a
     * second is logged and gets a thread of its own: other listeners do not wait for it, and it receives its later
     * events, up to 10,000, when it returns. If memory runs out, a listener may receive an event twice.
     *
     * @param type the type of the events; {@code ClusterEvent.class} stands for all
     */
    <E extends ClusterEvent> Subscription on(Class<E> type, Consumer<? super E> listener);

    /**
     * Registers the handler of messages that workers send to the master, whose id is 0. For each worker, the handler is
     * called on one virtual thread, with one message at a time, in the order of sending. Messages that a worker sent
     * before it ended are handled as well. While there is no handler, the messages of live workers wait in the
     * mailboxes, and those of ended workers are dropped.
     *
     * @return the registration; closing it does not interrupt a handler that runs
     * @throws IllegalStateException if there is a handler already
     */
    Subscription onMessage(MessageHandler handler);

    /**
     * Sends a message to one ready worker, which a separate {@linkplain ClusterConfig#withBalancer balancer} chooses.
     * Blocks while the worker's mailbox is full. If the worker ends first, another one is chosen.
     *
     * @throws CorralException if no worker is ready
     * @throws NotPortableException if something in the message may not cross, as for {@link Worker#send}
     * @throws IllegalStateException on the event thread
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    void send(Object message) throws InterruptedException;

    /**
     * Sends a message to every ready worker. Does not block.
     *
     * @return the number of workers that took the message; the mailboxes of the others are full
     * @throws NotPortableException if something in the message may not cross to one of the workers; others may already
     *         have taken it
     */
    int broadcast(Object message);

    /** Returns the current figures of the whole cluster. */
    ClusterStats stats();

    /**
     * Blocks until {@code workers} workers are ready at the same time.
     *
     * @return false if the deadline passed, if the cluster was closed, or if the number can no longer be reached
     *         because slots gave up
     * @throws IllegalStateException on the event thread
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    boolean awaitReady(int workers, Duration deadline) throws InterruptedException;

    /**
     * Blocks until the cluster is closed, or until it will run nothing more. The latter means that every slot has given
     * up or, under a policy other than {@link RestartPolicy#NEVER}, has ended for good, and that the output sink has
     * received all lines that the workers printed.
     *
     * @return whether the cluster was closed
     * @throws IllegalStateException on the event thread
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    boolean awaitClosed() throws InterruptedException;

    /**
     * Disconnects all workers. The cluster stays open.
     *
     * @return a future that completes after the last of these workers has ended
     */
    CompletableFuture<Void> disconnect();

    /**
     * Closes the cluster: drains, stops and kills its workers, each step within its deadline of {@link StopPolicy}.
     * Blocks for at most the sum of these deadlines; on an overloaded machine it may take some seconds longer. In the
     * time that is left it waits until the output sink has received all lines that workers printed. Lines that the sink
     * has not received by then are lost, and their number is logged. A second call only waits for the first one. If the
     * current thread is interrupted, the workers are killed without further delay, and the thread's interrupt status is
     * set.
     *
     * @throws IllegalStateException on the event thread
     */
    @Override
    void close();
}
