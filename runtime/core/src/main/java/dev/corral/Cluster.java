package dev.corral;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A master and its workers: one program at a time, one group. Thread-safe. Keeps the JVM alive until it is closed.
 *
 * <pre>{@code
 * try (Cluster cluster = Cluster.open(Program.jar(Path.of("app.jar")), 4)) {
 *     cluster.awaitClosed();
 * }
 * }</pre>
 *
 * <p>The master is one platform thread that decides; it never waits for a worker. Several clusters can live in one JVM and
 * know nothing of each other.
 */
public interface Cluster extends AutoCloseable {
    /**
     * Opens a cluster and forks {@code workers} of the program; 0 forks none (then call {@link #fork}). Does not wait for
     * them.
     *
     * @throws IllegalArgumentException if {@code workers} is negative
     * @throws CorralException if the program or the configuration cannot be had in this JVM
     */
    static Cluster open(Program program, int workers) {
        return open(program, config -> config.withWorkers(workers));
    }

    /**
     * As {@link #open(Program, int)}, with the configuration that {@code configure} makes of the default one.
     *
     * @throws CorralException if something that was asked for cannot be had here; the text names what would bring it
     * @throws IllegalStateException in a worker: a worker opens no cluster
     */
    static Cluster open(Program program, UnaryOperator<ClusterConfig> configure) {
        return Implementation.open(program, configure);
    }

    /** True on every thread that belongs to no worker. */
    static boolean isMaster() {
        return !isWorker();
    }

    /** True on every thread of a worker. */
    static boolean isWorker() {
        return WorkerContext.find().isPresent();
    }

    /** What this JVM, with its flags, can do. */
    static Set<Capability> capabilities() {
        return Capability.present();
    }

    /** The configuration that this cluster was opened with. */
    ClusterConfig config();

    /** The program that new workers run. Changes when a {@linkplain #reload(Program) reload} has given it to all slots. */
    Program program();

    /**
     * Adds a slot, the lowest free one, and forks its first worker, with these variables over the configured ones. The slot
     * keeps them for its later workers.
     *
     * @throws IllegalStateException if the cluster is closed
     */
    Worker fork(Map<String, String> env);

    /** As {@link #fork(Map)}, with the configured variables. */
    default Worker fork() {
        return fork(Map.of());
    }

    /**
     * Sets the number of slots: forks what is missing, with the configured variables, or disconnects what is too much, the newest
     * slots first. Takes its turn among reloads and replacements.
     *
     * @return completes when those that were added are ready, and those taken away have ended; exceptionally, with
     *         {@link CorralException}, if one that was added closes, gives up or is not ready within
     *         {@link ReloadPolicy#readyWithin} (which leaves it there), or the cluster is closed
     * @throws IllegalArgumentException if {@code workers} is negative
     */
    CompletableFuture<Void> scale(int workers);

    /**
     * As {@link #reload(Program)}, with a new snapshot of the program of now: {@link Program#again}, taken before this returns. A
     * reload of other code that is still under way or waits for its turn does not change which program that is.
     *
     * @throws CorralException if its files cannot be read any more
     */
    CompletableFuture<ReloadResult> reload();

    /**
     * Replaces all workers by ones of this program, as {@link ReloadPolicy} says, the lowest slot first. Each time a fresh worker is
     * forked, and only when it is ready the old one is drained and stopped; the next slot does not wait for that end, unless half
     * as many as there are slots are ending already. At least as many workers are ready at any moment as without the reload.
     *
     * <p>It is aborted by a replacement that is not ready in time or ends before, and by any worker of the new code that ends other
     * than on request while there is still a slot to go. Then slots that have the new code already get the old one back in the same
     * manner. Where even that fails, the restart policy goes on.
     *
     * <p>{@link #program()} changes when every slot has the new code. A slot keeps its variables and its weight; restarts are counted
     * anew. Slots in back-off or given up get the new code as well. Workers may be forked, killed or disconnected during a reload; it then
     * continues with the slots that exist.
     *
     * <p>One reload, replacement or scaling goes on at a time; further ones wait for their turn.
     *
     * @return completes when none but workers of the new code are left, or none but workers of the old one; never exceptionally. When the
     *         cluster is closed: aborted
     */
    CompletableFuture<ReloadResult> reload(Program next);

    /** Live workers by id, ascending; a snapshot. Those that are draining or stopping are in it. */
    List<Worker> workers();

    /** The live worker with this id. */
    Optional<Worker> worker(long id);

    /** The slot's worker of now; empty during back-off, after it gave up, and for a slot that does not exist. */
    Optional<Worker> slot(int slot);

    /**
     * Calls the listener on the event thread, in order, with every later event of that type ({@code ClusterEvent.class}:
     * all). What it throws is logged. One that runs for longer than a second is reported and left behind: it gets its
     * later events, up to 10,000, when it returns, and the others do not wait for it. In a heap that is full an event may come
     * twice.
     */
    <E extends ClusterEvent> Subscription on(Class<E> type, Consumer<? super E> listener);

    /**
     * Receives what workers send to the master, id 0: in order of each worker, on one virtual thread for each. What a worker has sent
     * before its end is handled still. Until somebody receives it, it waits in the mailboxes; of a worker that has ended it is dropped.
     *
     * @return closing it lets handlers finish with their message
     * @throws IllegalStateException if there is a handler already
     */
    Subscription onMessage(MessageHandler handler);

    /**
     * Sends to one ready worker, chosen by a balancer of its own. Waits while its mailbox is full; if it ends meanwhile, another one is
     * chosen.
     *
     * @throws CorralException if no worker is ready
     * @throws NotPortableException as {@link Worker#send} does
     * @throws IllegalStateException on the event thread
     */
    void send(Object message) throws InterruptedException;

    /**
     * Sends to every ready worker, and waits for none of them.
     *
     * @return how many took it: the mailboxes of the others are full
     * @throws NotPortableException if something in it may not cross to one of them; others may have taken it then
     */
    int broadcast(Object message);

    /** Figures of the whole cluster, as of now. */
    ClusterStats stats();

    /**
     * Waits until {@code workers} are ready at the same time.
     *
     * @return false if the deadline passed, the cluster was closed, or so many can no longer be reached because slots gave up
     */
    boolean awaitReady(int workers, Duration deadline) throws InterruptedException;

    /**
     * Waits until the cluster is closed, or nothing will run in it any more: every slot has given up or, by a policy other
     * than {@link RestartPolicy#NEVER}, ended for good, and the output sink has taken what the workers printed.
     *
     * @return true for closed
     */
    boolean awaitClosed() throws InterruptedException;

    /** Disconnects all workers; completes after the last exit of these. The cluster stays open. */
    CompletableFuture<Void> disconnect();

    /**
     * Drains, stops, kills, each within its deadline of {@link StopPolicy}; returns within their sum. In what is left of that time it
     * waits until the output sink has taken all that workers printed; what the sink has not taken then is lost, and the number of
     * lines is logged. A second call does nothing but wait for the first. An interrupt goes on to kill, and is kept.
     */
    @Override
    void close();
}
