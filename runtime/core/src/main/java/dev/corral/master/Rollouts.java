package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.WorkerState;
import dev.corral.thread.Log;
import dev.corral.rollout.Facts.SlotFacts;
import dev.corral.rollout.Facts.Stage;
import dev.corral.rollout.Facts.WorkerFacts;
import dev.corral.rollout.Facts;
import dev.corral.rollout.Outcome;
import dev.corral.rollout.Plan;
import dev.corral.rollout.Step;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reloads, replacements and scalings of one cluster. It asks the {@link Plan} for the next step, has
 * {@link RolloutExecutor} carry it out, and completes the future of each request. Belongs to the master's thread.
 */
final class Rollouts {
    private static final Log LOG = Log.get();

    private final MasterServices services;
    private final Registry registry;
    private final Slots slots;
    private final RolloutExecutor executor;
    private final Runnable requestAdvance;
    private final Plan plan;
    /** The requests in the order of the plan. The first one is under way. */
    private final Deque<Request> requests = new ArrayDeque<>();
    /** The step that the plan has returned, until it is carried out; null between two steps. */
    private @Nullable Step step;
    private ControlLoop.@Nullable Timer nextAdvance;
    /** The id of the worker that has made the current rollout fail; 0 if none has. */
    private long failed;
    /** How that worker ended; null before it did. */
    private @Nullable Exit failedExit;
    private boolean closed;
    /** The outcomes of the requests that were left at the close; null before that. */
    private @Nullable Deque<Outcome> lastOutcomes;
    /** What publishes results, as soon as any thread can see the state that they describe. */
    private final List<Runnable> results = new ArrayList<>();

    /** A request of the API, or of the memory guard. */
    private sealed interface Request {
        record Reload(CodeVersion codeVersion, CompletableFuture<ReloadResult> future) implements Request {}

        /** A replacement; {@code overMemory} is null if the API has requested it. */
        record Replace(WorkerHandle worker, ExitReason.@Nullable OverMemory overMemory) implements Request {}

        record Scale(CompletableFuture<Void> future) implements Request {}
    }

    /**
     * Creates the rollouts of a cluster.
     *
     * @param requestAdvance requests that {@link #advance} is called at the end of the command
     */
    Rollouts(MasterServices services, Registry registry, Slots slots, Runnable requestAdvance) {
        this.services = services;
        this.registry = registry;
        this.slots = slots;
        this.executor = new RolloutExecutor(services, registry, slots);
        this.requestAdvance = requestAdvance;
        this.plan = new Plan(services.config().reload());
    }

    void reload(Program program, CompletableFuture<ReloadResult> future) {
        CodeVersion codeVersion = registry.newCodeVersion(program);
        add(new Request.Reload(codeVersion, future), () -> plan.reload(codeVersion.version()));
    }

    void replace(WorkerHandle worker) {
        add(new Request.Replace(worker, null), () -> plan.replace(worker.slot(), worker.id()));
    }

    void recycle(WorkerHandle worker, ExitReason.OverMemory reason) {
        add(new Request.Replace(worker, reason), () -> plan.replace(worker.slot(), worker.id()));
    }

    void scale(int workers, CompletableFuture<Void> future) {
        add(new Request.Scale(future), () -> plan.scale(workers));
    }

    /** Adds a request to this queue and to the plan, or to neither. */
    private void add(Request request, Runnable addToPlan) {
        if (closed) {
            finish(request, Outcome.closed());
        } else {
            requests.add(request);
            try {
                addToPlan.run();
            } catch (OutOfMemoryError e) {
                requests.removeLast();
                throw e;
            }
        }
    }

    /** Completes all requests: the cluster closes, and they are not carried out. */
    void close() {
        closed = true;
        step = null;
        if (lastOutcomes == null) {
            lastOutcomes = new ArrayDeque<>(plan.close());
        }
        while (!lastOutcomes.isEmpty()) {
            finish(requests.element(), lastOutcomes.element());
            requests.remove(); // order: finish before advance
            lastOutcomes.remove();
        }
        cancelTimer();
    }

    /** Carries out the steps that are due. Called after every change. */
    void advance() {
        if (step == null && plan.isIdle()) {
            return;
        }
        cancelTimer();
        if (step == null) {
            step = plan.next(facts());
        }
        while (step != null) {
            try {
                carryOut(step);
            } catch (RuntimeException e) {
                step = null; // otherwise it would fail each time
                throw e;
            }
            step = null; // order: carry out before advance
            slots.reconcileAll();
            step = plan.next(facts());
        }
        plan.nextLook().ifPresent(atNanos -> nextAdvance =
                services.loop().after(Duration.ofNanos(atNanos - services.clock().nanos()), () -> {
                    nextAdvance = null;
                    requestAdvance.run();
                }));
    }

    /** Publishes the results of requests. Called after the state that they describe was published. */
    void publishResults() {
        results.forEach(Runnable::run);
        results.clear();
    }

    private void cancelTimer() {
        if (nextAdvance != null) {
            nextAdvance.cancel();
            nextAdvance = null;
        }
    }

    /** Notes the end of a worker. Called before the end changes anything in its slot. */
    void ended(WorkerHandle worker, Exit exit) {
        boolean isOfReplace =
                requests.peek() instanceof Request.Replace(WorkerHandle old, var _)
                        && isReplacementOf(worker, old);
        if (worker.id() == failed || isOfReplace) {
            failedExit = exit;
        }
        advance();
    }

    private boolean isReplacementOf(WorkerHandle worker, WorkerHandle old) {
        return slots.all().stream().anyMatch(slot -> slot.replacement == worker && slot.current == old);
    }

    private Facts facts() {
        List<SlotFacts> all = new ArrayList<>();
        for (Slot slot : slots.all()) {
            all.add(new SlotFacts(slot.number, slot.order, slot.closing, facts(slot.current), facts(slot.replacement),
                    slot.timer != null, slot.gaveUp, slot.before != null));
        }
        Set<Long> versions = new HashSet<>();
        int leaving = 0;
        for (WorkerHandle worker : registry.live()) {
            versions.add(worker.codeVersion().version());
            leaving += worker.supervision().replaced ? 1 : 0;
        }
        return new Facts(services.clock().nanos(), registry.codeVersion().version(), all, versions, leaving);
    }

    private static @Nullable WorkerFacts facts(@Nullable WorkerHandle worker) {
        if (worker == null) {
            return null;
        }
        boolean isGoing = worker.lifecycle().reason() != null || !worker.state().isLive();
        Stage stage = isGoing ? Stage.GOING : worker.state() == WorkerState.READY ? Stage.READY : Stage.STARTING;
        return new WorkerFacts(worker.id(), worker.codeVersion().version(), stage, worker.forkedNanos(),
                isGoing ? "ended: " + worker.lifecycle().reason() : "");
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.Replace(int slot, long version) -> {
                boolean isNew = version != registry.codeVersion().version();
                executor.replace(slot, isNew ? codeVersionUnderWay() : registry.codeVersion(), why(isNew),
                        overMemory());
            }
            case Step.Drop(int slot) -> executor.drop(slot);
            case Step.Abort(long version, int slot, long worker) -> {
                failed = worker;
                executor.goBack(version, worker);
            }
            case Step.Commit _ -> {
                executor.commit(codeVersionUnderWay());
            }
            case Step.Open() -> executor.open();
            case Step.Close(int slot) -> executor.close(slot);
            case Step.Finish(Outcome outcome) -> {
                finish(requests.element(), outcome);
                requests.remove(); // order: finish before advance
            }
        }
    }

    private CodeVersion codeVersionUnderWay() {
        if (requests.peek() instanceof Request.Reload reload) {
            return reload.codeVersion;
        }
        throw new IllegalStateException("no reload is under way");
    }

    /** Returns the excess of memory that the first request is about; null if it is about something else. */
    private ExitReason.@Nullable OverMemory overMemory() {
        return requests.peek() instanceof Request.Replace(WorkerHandle _, var reason) ? reason : null;
    }

    private String why(boolean isNew) {
        if (!(requests.peek() instanceof Request.Reload reload)) {
            ExitReason.OverMemory reason = overMemory();
            return reason == null ? "on request" : reason.toString();
        }
        return isNew ? "reload to " + reload.codeVersion.program() : "back from " + reload.codeVersion.program();
    }

    private void finish(Request request, Outcome outcome) {
        Exit exit = failedExit;
        switch (request) {
            case Request.Reload reload -> finish(reload, switch (outcome) {
                case Outcome.Done(int replaced, Duration took) ->
                        new ReloadResult.Completed(replaced, reload.codeVersion.program().fingerprint(), took);
                case Outcome.Failed(int slot, String why) ->
                        new ReloadResult.Aborted(slot, why, Optional.ofNullable(exit));
            });
            case Request.Replace(WorkerHandle worker, var overMemory) -> {
                if (outcome instanceof Outcome.Failed && overMemory != null) {
                    worker.supervision().recycling.failed(services.clock().nanos());
                } else if (outcome instanceof Outcome.Failed && exit != null) {
                    slots.failReplaceCalls(worker, exit);
                }
            }
            case Request.Scale(CompletableFuture<Void> future) -> results.add(() -> services.events().complete(() -> {
                switch (outcome) {
                    case Outcome.Done _ -> future.complete(null);
                    case Outcome.Failed(int _, String why) -> future.completeExceptionally(
                            new CorralException(services.config().name() + " was not scaled: " + why));
                }
            }));
        }
        failed = 0;
        failedExit = null;
    }

    private void finish(Request.Reload reload, ReloadResult result) {
        if (result instanceof ReloadResult.Aborted(int slot, String why, Optional<Exit> _)) {
            LOG.log(Level.WARNING, "the reload of {0} to {1} was aborted: {2}{3}", services.config().name(),
                    reload.codeVersion.program(), slot < 0 ? "" : "slot " + slot + ": ", why);
        }
        if (result instanceof ReloadResult.Completed) {
            registry.countReload();
            executor.closeDroppedPorts();
        }
        services.incarnations().forgetAllBut(registry.codeVersion().program());
        results.add(() -> {
            services.events().publish(new ClusterEvent.Reloaded(services.clock().now(), result));
            services.events().complete(() -> reload.future.complete(result));
        });
    }
}
