package dev.corral.master;

import static dev.corral.WorkerState.DRAINING;
import static dev.corral.WorkerState.EXITED;
import static dev.corral.WorkerState.KILLING;
import static dev.corral.WorkerState.ONLINE;
import static dev.corral.WorkerState.READY;
import static dev.corral.WorkerState.STARTING;
import static dev.corral.WorkerState.STOPPING;
import static java.util.Objects.requireNonNull;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.StopPolicy;
import dev.corral.WorkerState;
import dev.corral.report.EndedWorker;
import dev.corral.report.Reports;
import dev.corral.thread.Log;
import dev.corral.worker.Incarnation;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The life of one worker, from its start to its exit: its state, what each state requires, and its deadlines. What an
 * end means for the slot is decided elsewhere, by {@link Supervisor}.
 *
 * <p>A change has two parts. {@code transition} sets the state, and allocates nothing. {@link #reconcile} then does
 * what the new state requires, and runs again until all of it has been done; {@link ControlLoop} says why.
 *
 * <p>All methods but {@link #state} belong to the master's thread, and so do the fields.
 */
final class WorkerLifecycle {
    /** Exit code of a worker that was ended forcibly: the code that a shell reports after SIGKILL. */
    static final int FORCED = 137;
    /** Pause between two attempts to begin an end. */
    static final Duration RETRY_DELAY = Duration.ofMillis(100);

    private static final Log LOG = Log.get();

    private final MasterServices services;
    private final Registry registry;
    private final WorkerHandle worker;
    private final Reports reports;
    private final WorkerStart start;
    private final StopPolicy deadlines;
    /** The state. Written by the master's thread, read by any thread. */
    private volatile WorkerState state = STARTING;
    /** The last state whose requirements are all fulfilled; null before the start. */
    private @Nullable WorkerState reconciledState;
    /** The worker's variables beside those of the JVM; null until the worker may start. */
    private @Nullable Map<String, String> env;
    /** Why the worker ends; null while it does not. The first reason stands. */
    private @Nullable ExitReason reason;
    /** The last state of the end that the incarnation was asked for; null before its end. */
    private @Nullable WorkerState begunEnd;
    /** Whether connections and messages go to the worker, or may have gone to it. */
    private boolean admitted;
    /** Whether the worker has missed its last heartbeat. */
    private boolean suspected;
    private boolean wasReady;
    /** Whether the end omits the shutdown hooks. */
    private boolean withoutHooks;
    /** Whether the worker is ended forcibly by its master. A call of {@code halt} does not count. */
    private boolean forced;
    private boolean disconnectedPublished;
    private boolean exitedPublished;
    /**
     * The deadline of the start until the worker is ready; then the next deadline of its end. Null while there is none.
     */
    private ControlLoop.@Nullable Timer deadline;

    /** Creates the life of a worker; {@code reports} receives what its incarnation reports. */
    WorkerLifecycle(MasterServices services, Registry registry, WorkerHandle worker, Reports reports) {
        this.services = services;
        this.registry = registry;
        this.worker = worker;
        this.reports = reports;
        this.start = new WorkerStart(services, worker, reports);
        this.deadlines = services.config().stop();
    }

    /** Returns the state; any thread. */
    WorkerState state() {
        return state;
    }

    /** Returns why the worker ends; null while it does not. */
    @Nullable
    ExitReason reason() {
        return reason;
    }

    boolean wasReady() {
        return wasReady;
    }

    boolean isForced() {
        return forced;
    }

    /** Returns whether {@link #prepare} has been called. */
    boolean isPrepared() {
        return env != null;
    }

    /** Allows the next {@link #reconcile} to start the worker. Allocates nothing. */
    void prepare(Map<String, String> variables, CodeVersion code) {
        worker.setCodeVersion(code);
        env = variables; // order: set the code before the permission
    }

    /** Ends a worker that has no incarnation. */
    void refuse() {
        if (reconciledState == null) {
            reports.ended(new NeverMade());
            reconciledState = STARTING; // order: report before advance
        }
    }

    void online() {
        if (state == STARTING) {
            transition(ONLINE);
        }
    }

    void becomeReady() {
        if (state == ONLINE) {
            wasReady = true;
            transition(READY);
        }
    }

    private void overdue() {
        if (state.isLive()) {
            start.overdue(incarnation());
        }
    }

    /** Admits connections and messages to a ready worker, unless its weight is 0 or it has missed a heartbeat. */
    void admit() {
        if (state == READY) {
            boolean admit = worker.weight() > 0 && !suspected;
            admitted = true; // order: note before admit, so that an admission that stops halfway is withdrawn
            incarnation().admit(admit);
            registry.admit(worker, admit);
        }
    }

    /** Notes whether the worker has missed its last heartbeat. */
    void suspect(boolean missed) {
        suspected = missed;
        admit();
    }

    private void withdraw() {
        if (admitted) {
            incarnation().admit(false);
            registry.admit(worker, false);
            admitted = false; // order: withdraw before advance
        }
    }

    /** Lets a live worker drain. It is stopped when it has drained, or at the deadline. */
    void leave(ExitReason why) {
        if (state.isLive()) {
            setReason(why);
            transition(DRAINING);
        }
    }

    /** Continues the end: the worker has drained, or its deadline for that has passed. */
    void drained() {
        if (state == DRAINING) {
            stop(false);
        }
    }

    /** Ends a worker that exits, crashes or completes by itself. */
    void exit(ExitReason why, boolean halt) {
        if (state.isConnected()) {
            setReason(why);
            stop(halt);
        }
    }

    private void stop(boolean omitHooks) {
        if (state.isConnected()) {
            withoutHooks = omitHooks;
            transition(STOPPING);
        }
    }

    /**
     * Notes that the shutdown hooks have run in time. The rest of the end has its own deadline, and is the same as
     * after a kill. If it takes long because many workers end on a busy machine, the exit code does not change.
     */
    void stopped() {
        if (state == STOPPING) {
            cancelDeadline();
        }
    }

    /** Ends the worker forcibly, unless it is already being killed. */
    void kill(ExitReason why) {
        if (state.compareTo(KILLING) < 0 && worker.incarnation() != null) {
            setReason(why);
            forced = true;
            transition(KILLING);
        }
    }

    /** Sets the reason of the end, unless there is one. */
    private void setReason(ExitReason why) {
        if (reason == null) {
            reason = why;
        }
    }

    /**
     * Notes that nothing of the worker runs any more.
     *
     * @return how it ended; the same exit at each call
     */
    Exit ended(EndedWorker remains) {
        Exit before = worker.exit();
        if (before != null) {
            return before;
        }
        if (state.isConnected()) { // its end could not be begun
            begunEnd = KILLING;
            transition(KILLING);
        }
        cancelDeadline();
        setReason(new ExitReason.OnRequest());
        ExitReason why = requireNonNull(reason);
        int code = codeOf(why, remains);
        if (why instanceof ExitReason.Completed) { // a shutdown hook may have changed the code
            why = new ExitReason.Completed(code);
        }
        if (state != EXITED) {
            state = StateTransitions.next(state, EXITED);
        }
        long nowNanos = services.clock().nanos();
        return new Exit(worker.id(), worker.slot(), code, why, worker.uptime(nowNanos),
                worker.stats(remains.facts(), nowNanos), remains.output(), remains.undelivered(),
                remains.abandonedThreads());
    }

    private int codeOf(ExitReason why, EndedWorker remains) {
        if (forced) {
            return FORCED;
        }
        return switch (why) {
            case ExitReason.Completed(int code) -> remains.code().orElse(code);
            case ExitReason.Crashed _ -> remains.code().orElse(1);
            case ExitReason.OnRequest _,ExitReason.Replaced _,ExitReason.OverMemory _ -> remains.code().orElse(0);
            case ExitReason.Killed _,ExitReason.Zombie _,ExitReason.OverThreads _ -> FORCED;
        };
    }

    /** Completes the futures that wait for the exit, and publishes it, once. */
    void publishExit(Exit exit) {
        if (!exitedPublished) {
            services.events().complete(() -> worker.completeExited(exit));
            services.events().publish(new ClusterEvent.Exited(services.clock().now(), worker, exit));
            exitedPublished = true; // order: publish before advance
        }
    }

    /** Changes the state. Allocates nothing until {@link #reconcile}. */
    private void transition(WorkerState next) {
        state = StateTransitions.next(state, next);
        reconcile(); // order: change the state before fulfilling it
    }

    /**
     * Fulfils what the state requires, unless that is done. If memory runs out, the next call does it again from its
     * beginning: an event may then be published twice, but no step is left out. After another failure it is not tried
     * again.
     */
    void reconcile() {
        WorkerState now = state;
        if (reconciledState == now || env == null) {
            return;
        }
        boolean again = false;
        try {
            enterState(now, env);
        } catch (OutOfMemoryError e) {
            again = true;
            throw e;
        } finally {
            if (!again && state == now) { // a later state has been fulfilled already
                reconciledState = now; // order: fulfil before advance
            }
        }
    }

    private void enterState(WorkerState entered, Map<String, String> variables) {
        switch (entered) {
            case STARTING -> start(variables);
            case ONLINE -> publish(new ClusterEvent.Online(services.clock().now(), worker));
            case READY -> {
                cancelDeadline();
                incarnation().watch(false);
                admit();
                services.events().complete(worker::completeReady);
                publish(new ClusterEvent.Ready(services.clock().now(), worker));
            }
            case DRAINING -> {
                cancelDeadline();
                withdraw();
                if (worker.incarnation() != null) { // otherwise its end is already under way
                    deadline = services.loop().after(deadlines.drain(), this::drained);
                    beginEnd();
                }
            }
            case STOPPING, KILLING -> {
                cancelDeadline();
                withdraw();
                beginEnd(); // order: begin the end before publish, which may run out of memory
                publishDisconnected();
                if (entered == STOPPING && !withoutHooks) {
                    deadline = services.loop().after(deadlines.stop(), () -> kill(new ExitReason.OnRequest()));
                }
            }
            case EXITED -> {
            }
        }
    }

    /** Starts the worker. If that fails, the worker has crashed, and its end is reported like any other. */
    private void start(Map<String, String> variables) {
        Throwable failure = start.attempt(variables,
                () -> deadline = services.loop().after(services.config().heartbeat().startDeadline(), this::overdue));
        if (failure != null) {
            setReason(new ExitReason.Crashed(Failure.of(failure)));
            if (worker.incarnation() != null) {
                stop(true);
            } else {
                refuse();
            }
        }
    }

    /** Asks the incarnation, once, for the part of its end that the state stands for. */
    private void beginEnd() {
        Incarnation incarnation = worker.incarnation();
        WorkerState now = state;
        if (incarnation != null && begunEnd != now) {
            tryBeginEnd(incarnation, now);
            begunEnd = now; // order: begin before advance
        }
    }

    /** Tries again while memory or threads are not available, unless the worker has entered a later state. */
    private void tryBeginEnd(Incarnation incarnation, WorkerState entered) {
        try {
            if (entered == DRAINING) {
                incarnation.drain();
            } else if (entered == STOPPING && !withoutHooks) {
                incarnation.stop(deadlines.kill());
            } else {
                incarnation.kill(deadlines.kill());
            }
        } catch (RuntimeException | Error e) {
            LOG.failed("the end of a worker could not be begun; it is tried again", e);
            services.loop().after(RETRY_DELAY, () -> {
                if (state == entered) {
                    tryBeginEnd(incarnation, entered);
                }
            });
        }
    }

    private void publishDisconnected() {
        if (!disconnectedPublished) {
            publish(new ClusterEvent.Disconnected(services.clock().now(), worker));
            disconnectedPublished = true; // order: publish before advance
        }
    }

    private void publish(ClusterEvent event) {
        services.events().publish(event);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private Incarnation incarnation() {
        return requireNonNull(worker.incarnation(), "a worker that lives has an incarnation");
    }
}
