package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.WorkerState;
import dev.corral.WorkerStats;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.supervision.RestartHistory.Decision;
import dev.corral.report.WorkerFigures;
import dev.corral.worker.Incarnation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A worker, as the master sees it. What is not volatile belongs to the master's thread. */
final class WorkerHandle implements Worker {
    static final int MAX_WEIGHT = 1000;
    static final int DEFAULT_WEIGHT = 1;

    private final Master master;
    /** As it is told, and as a key: so that it takes no memory to look it up, or to take it out. */
    private final Long id;
    private final int slot;
    private final long forkedNanos;
    /** Written by the master's thread, before it starts. */
    private volatile CodeVersion codeVersion;
    private final CompletableFuture<Worker> ready = new CompletableFuture<>();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private volatile WorkerState state = WorkerState.STARTING;
    /** Written by any thread: the last one counts. */
    private volatile int weight;
    /** Null before it was made and after the end. */
    private volatile @Nullable Incarnation incarnation;
    private volatile @Nullable Exit exit;
    /** Counted down when it has an incarnation, or never will. */
    private final CountDownLatch made = new CountDownLatch(1);

    /** What it gets beside what the JVM has; null before it is to be started. */
    @Nullable
    Map<String, String> env;
    /** Why it could not be started; null if it could. */
    @Nullable
    Throwable notStarted;
    /** The last state for which all has been done that it asks for; null while it is not started. */
    @Nullable
    WorkerState settled;
    /** The last state of its end that its incarnation has been asked for. */
    @Nullable
    WorkerState begun;
    /** Whether it gets connections and messages, or may have got some. */
    boolean admitted;
    /** Whether it was told that it gets nothing any more. */
    boolean toldDisconnected;
    /** Whether its exit was told. */
    boolean toldExited;
    /** Whether its shutdown hooks are passed over. */
    boolean withoutHooks;
    /** Why it ends; null while it does not. The first one stands. */
    @Nullable
    ExitReason reason;
    /** What follows its end in its slot, once that is decided. */
    @Nullable
    Decision decision;
    /** Whether it is being ended by force, and not because it called {@code halt}. */
    boolean forced;
    /** Whether another one has taken its place, or nobody is to. */
    boolean replaced;
    /** Of the requests to recycle it. */
    final Recycling recycling = new Recycling();
    /** Whether it has been ready. */
    boolean wasReady;
    /** Whether it has missed its last heartbeat. */
    boolean suspected;
    /** Of its start, until it is ready; then the next one of its end. */
    ControlLoop.@Nullable Timer deadline;
    /** Of each {@link #replace}, while that is under way. */
    final List<CompletableFuture<Worker>> replacing = new ArrayList<>();

    WorkerHandle(Master master, long id, int slot, CodeVersion codeVersion, int weight, long nowNanos) {
        this.master = master;
        this.id = id;
        this.slot = slot;
        this.codeVersion = codeVersion;
        this.weight = weight;
        this.forkedNanos = nowNanos;
    }

    @Override
    public long id() {
        return id;
    }

    Long key() {
        return id;
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

    /** It was forked just before this became what new workers run. */
    void runInstead(CodeVersion newer) {
        codeVersion = newer;
    }

    long forkedNanos() {
        return forkedNanos;
    }

    @Override
    public WorkerState state() {
        return state;
    }

    /** The one method that changes the state; the master's thread only. */
    void to(WorkerState next) {
        state = StateTransitions.next(state, next);
    }

    void begin(Incarnation incarnation) {
        this.incarnation = incarnation;
        made.countDown();
    }

    @Nullable
    Incarnation incarnation() {
        return incarnation;
    }

    @Nullable
    Exit exit() {
        return exit;
    }

    /** Lets go of what it ran in. */
    void end(Exit exit) {
        this.exit = exit;
        incarnation = null;
        made.countDown();
    }

    Duration uptime(long nowNanos) {
        return Duration.ofNanos(nowNanos - forkedNanos);
    }

    /** On the event thread. */
    void completeReady() {
        ready.complete(this);
    }

    /** On the event thread. */
    void completeExited(Exit exit) {
        exited.complete(exit);
        ready.completeExceptionally(
                new WorkerExitedException(
                        "worker " + id + " of " + master.config().name() + " ended before it was ready: "
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
        master.submit(slots -> slots.disconnect(this));
        return onExit();
    }

    @Override
    public CompletableFuture<Exit> kill() {
        master.submit(slots -> slots.kill(this));
        return onExit();
    }

    @Override
    public CompletableFuture<Worker> replace() {
        CompletableFuture<Worker> future = master.promise(it -> it.completeExceptionally(cannotReplace()));
        master.submit(slots -> slots.replace(this, future));
        return future.copy();
    }

    @Override
    public WorkerStats stats() {
        Exit ended = exit;
        return ended != null ? ended.last() : stats(facts(), master.nanos());
    }

    WorkerStats stats(WorkerFigures facts, long nowNanos) {
        return new WorkerStats(id, slot, state, uptime(nowNanos), facts.cpu(), facts.memory(), facts.traffic(),
                facts.heartbeat(), facts.unwoven());
    }

    @Override
    public void send(Object message) throws InterruptedException {
        master.refuseOnEventThread("send");
        master.messages().send(side(), message);
    }

    @Override
    public boolean trySend(Object message) {
        Incarnation now = incarnation;
        return now != null && master.messages().trySend(now.side(), message);
    }

    @Override
    public <R> R ask(Object message, Class<R> reply, Duration deadline) throws InterruptedException, TimeoutException {
        master.refuseOnEventThread("ask");
        return master.messages().ask(side(), message, reply, deadline);
    }

    private WorkerEndpoint side() throws InterruptedException {
        made.await();
        Incarnation now = incarnation;
        if (now == null) {
            Exit how = requireNonNull(exit, "one that has begun and has nothing to run in has ended");
            throw new WorkerExitedException("worker " + id + " of " + master.config().name() + " has ended: "
                    + how.reason(), how);
        }
        return now.side();
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
        master.submit(slots -> slots.weigh(this));
    }

    private WorkerFigures facts() {
        Incarnation now = incarnation;
        return now == null ? WorkerFigures.NONE : now.facts();
    }

    /** Refuses what would never come. */
    IllegalStateException cannotReplace() {
        return new IllegalStateException("worker " + id + " of " + master.config().name() + " is " + state
                + "; only one that lives can be replaced");
    }

    @Override
    public String toString() {
        return "worker " + id + " (slot " + slot + ", " + state + ")";
    }
}
