package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Exit;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;
import dev.corral.mailbox.MasterEndpoint;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.report.WorkerFigures;
import dev.corral.worker.Incarnation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handle of one worker: what the API returns to callers. It publishes the worker's state to any thread, and sends
 * commands to the master's thread. The private state of the worker's life is in {@link WorkerLifecycle}.
 *
 * <p>Any thread may call the methods of {@link Worker}. Only the master's thread calls the others, unless they say
 * otherwise.
 */
final class WorkerHandle implements Worker {
    static final int MAX_WEIGHT = 1000;
    static final int DEFAULT_WEIGHT = 1;

    private final MasterServices services;
    private final WorkerCommands commands;
    private final WorkerLifecycle lifecycle;
    private final SupervisionState supervision = new SupervisionState();
    /** The id, as an object: it is a key, and a look-up by it allocates nothing. */
    private final Long id;
    private final int slot;
    private final long forkedNanos;
    /** Written by the master's thread, before the start. */
    private volatile CodeVersion codeVersion;
    private final CompletableFuture<Worker> ready = new CompletableFuture<>();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    /** Written by any thread; the last write counts. */
    private volatile int weight;
    /** Null before the start and after the end. Written by the master's thread. */
    private volatile @Nullable Incarnation incarnation;
    /** Null before the end. Written by the master's thread, before it clears the incarnation. */
    private volatile @Nullable Exit exit;
    /** Counted down by the master's thread when there is an incarnation, or when there will be none. */
    private final CountDownLatch begun = new CountDownLatch(1);

    /**
     * Creates the handle of a worker that is not started.
     *
     * @param commands returns what carries commands about this worker to the master's thread
     */
    WorkerHandle(MasterServices services, Registry registry, Function<WorkerHandle, WorkerCommands> commands, long id,
            int slot, CodeVersion codeVersion, int weight) {
        this.services = services;
        this.id = id;
        this.slot = slot;
        this.codeVersion = codeVersion;
        this.weight = weight;
        this.forkedNanos = services.clock().nanos();
        this.commands = commands.apply(this);
        this.lifecycle = new WorkerLifecycle(services, registry, this, this.commands);
    }

    @Override
    public long id() {
        return id;
    }

    /** Returns the id as a key. Any thread may call this. */
    Long key() {
        return id;
    }

    /** Returns the worker's life. */
    WorkerLifecycle lifecycle() {
        return lifecycle;
    }

    /** Returns what the supervisor has noted about the worker. */
    SupervisionState supervision() {
        return supervision;
    }

    @Override
    public int slot() {
        return slot;
    }

    @Override
    public Program program() {
        return codeVersion.program();
    }

    CodeVersion codeVersion() {
        return codeVersion;
    }

    /** Sets the code that the worker runs. Called before the start. */
    void setCodeVersion(CodeVersion code) {
        codeVersion = code;
    }

    long forkedNanos() {
        return forkedNanos;
    }

    @Override
    public WorkerState state() {
        return lifecycle.state();
    }

    /** Publishes the incarnation. */
    void begin(Incarnation incarnation) {
        this.incarnation = incarnation;
        begun.countDown();
    }

    @Nullable
    Incarnation incarnation() {
        return incarnation;
    }

    @Nullable
    Exit exit() {
        return exit;
    }

    /** Publishes the exit, and releases the incarnation. Allocates nothing. */
    void end(Exit exit) {
        this.exit = exit;
        incarnation = null; // order: exit before incarnation, because a thread that finds no incarnation reads the exit
        begun.countDown();
    }

    Duration uptime(long nowNanos) {
        return Duration.ofNanos(nowNanos - forkedNanos);
    }

    /** Completes the future of {@link #onReady}. Called by the event thread. */
    void completeReady() {
        ready.complete(this);
    }

    /** Completes the future of {@link #onExit}, and fails that of {@link #onReady}. Called by the event thread. */
    void completeExited(Exit exit) {
        exited.complete(exit);
        ready.completeExceptionally(
                new WorkerExitedException(
                        "worker " + id + " of " + services.config().name() + " ended before it was ready: "
                                + exit.reason(),
                        exit));
    }

    @Override
    public CompletableFuture<Worker> onReady() {
        return ready.copy();
    }

    @Override
    public CompletableFuture<Exit> onExit() {
        return exited.copy();
    }

    @Override
    public CompletableFuture<Exit> disconnect() {
        commands.disconnect();
        return onExit();
    }

    @Override
    public CompletableFuture<Exit> kill() {
        commands.kill();
        return onExit();
    }

    @Override
    public CompletableFuture<Worker> replace() {
        CompletableFuture<Worker> future =
                services.promises().make(it -> it.completeExceptionally(cannotReplace()));
        commands.replace(future);
        return future.copy();
    }

    @Override
    public WorkerStats stats() {
        Exit ended = exit;
        return ended != null ? ended.last() : stats(facts(), services.clock().nanos());
    }

    WorkerStats stats(WorkerFigures facts, long nowNanos) {
        return new WorkerStats(id, slot, state(), uptime(nowNanos), facts.cpu(), facts.memory(), facts.traffic(),
                facts.heartbeat(), facts.unwoven());
    }

    @Override
    public void send(Object message) throws InterruptedException {
        services.events().refuseCaller("send");
        messages().send(endpoint(), message);
    }

    @Override
    public boolean trySend(Object message) {
        Incarnation now = incarnation;
        return now != null && messages().trySend(now.endpoint(), message);
    }

    @Override
    public <R> R ask(Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException {
        services.events().refuseCaller("ask");
        return messages().ask(endpoint(), message, reply, deadline);
    }

    private MasterEndpoint messages() {
        return services.incarnations().messageHub().master();
    }

    private WorkerEndpoint endpoint() throws InterruptedException {
        begun.await();
        Incarnation now = incarnation;
        if (now == null) {
            Exit how = requireNonNull(exit, "a worker without an incarnation that has begun has ended");
            throw new WorkerExitedException("worker " + id + " of " + services.config().name() + " has ended: "
                    + how.reason(), how);
        }
        return now.endpoint();
    }

    @Override
    public int connections() {
        Incarnation now = incarnation;
        return now == null ? 0 : now.connections();
    }

    @Override
    public double busy() {
        Incarnation now = incarnation;
        return now == null ? 0 : now.busy();
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public void setWeight(int weight) {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("the weight is " + weight + "; it must be from 0 to " + MAX_WEIGHT);
        }
        this.weight = weight;
        commands.weigh();
    }

    private WorkerFigures facts() {
        Incarnation now = incarnation;
        return now == null ? WorkerFigures.NONE : now.facts();
    }

    /** Returns the exception of a call of {@code replace} that cannot succeed. Any thread may call this. */
    IllegalStateException cannotReplace() {
        return new IllegalStateException("worker " + id + " of " + services.config().name() + " is " + state()
                + "; only one that lives can be replaced");
    }

    @Override
    public String toString() {
        return "worker " + id + " (slot " + slot + ", " + state() + ")";
    }
}
