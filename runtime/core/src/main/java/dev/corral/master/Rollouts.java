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
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reloads, replacements and scalings: asks the plan, has {@link Slots} do what it answers, and tells those who have asked for it. Belongs
 * to the master's thread.
 */
final class Rollouts {
    private static final Log LOG = Log.get();

    private final Master master;
    private final Slots slots;
    private final Plan plan;
    /** In the order of the plan: the first one is under way. */
    private final Deque<Request> requests = new ArrayDeque<>();
    /** What the plan has answered, until it has been done. */
    private @Nullable Step step;
    private ControlLoop.@Nullable Timer nextLook;
    /** The worker that made the rollout of now fail; 0 for none. And how it ended, when it has. */
    private long failed;
    private @Nullable Exit failedExit;
    private boolean closed;
    /** Of the requests that were left when it was closed; null before that. */
    private @Nullable Deque<Outcome> lastOutcomes;
    /** To be told as soon as everybody can see what they are about. */
    private final List<Runnable> results = new ArrayList<>();

    /** What was asked for. */
    private sealed interface Request {
        record Reload(CodeVersion codeVersion, CompletableFuture<ReloadResult> future) implements Request {}

        /** Because it has too much memory; or, with null, on request. */
        record Replace(WorkerHandle worker, ExitReason.@Nullable OverMemory overMemory) implements Request {}

        record Scale(CompletableFuture<Void> future) implements Request {}
    }

    Rollouts(Master master, Slots slots) {
        this.master = master;
        this.slots = slots;
        this.plan = new Plan(master.config().reload());
    }

    void reload(Program program, CompletableFuture<ReloadResult> future) {
        CodeVersion codeVersion = master.newCodeVersion(program);
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

    private void add(Request request, Runnable planned) {
        if (closed) {
            finish(request, Outcome.closed());
        } else {
            requests.add(request);
            try {
                planned.run();
            } catch (OutOfMemoryError e) {
                requests.removeLast();
                throw e;
            }
        }
    }

    /** The cluster closes: what has not been done will not be. */
    void close() {
        closed = true;
        step = null;
        if (lastOutcomes == null) {
            lastOutcomes = new ArrayDeque<>(plan.close());
        }
        while (!lastOutcomes.isEmpty()) {
            finish(requests.element(), lastOutcomes.element());
            requests.remove();
            lastOutcomes.remove();
        }
        cancelLook();
    }

    /** Does what is to be done now; called after every change. */
    void advance(Collection<Slot> now) {
        if (step == null && plan.isIdle()) {
            return;
        }
        cancelLook();
        if (step == null) {
            step = plan.next(facts(now));
        }
        while (step != null) {
            try {
                carryOut(step);
            } catch (RuntimeException e) {
                step = null; // else it would fail each time
                throw e;
            }
            step = null;
            slots.startFresh();
            step = plan.next(facts(now));
        }
        plan.nextLook().ifPresent(atNanos -> nextLook =
                master.after(Duration.ofNanos(atNanos - master.nanos()), () -> {
                    nextLook = null;
                    slots.look();
                }));
    }

    /** Tells those who have asked what has come of it, after what holds now was published. */
    void tell() {
        results.forEach(Runnable::run);
        results.clear();
    }

    private void cancelLook() {
        if (nextLook != null) {
            nextLook.cancel();
            nextLook = null;
        }
    }

    /** The worker has ended, and nobody has drawn a conclusion from it yet. */
    void ended(WorkerHandle worker, Exit exit, Collection<Slot> now) {
        boolean isOfReplace =
                requests.peek() instanceof Request.Replace(WorkerHandle old, var _)
                        && isReplacementOf(worker, old, now);
        if (worker.id() == failed || isOfReplace) {
            failedExit = exit;
        }
        advance(now);
    }

    private static boolean isReplacementOf(WorkerHandle worker, WorkerHandle old, Collection<Slot> now) {
        return now.stream().anyMatch(slot -> slot.replacement == worker && slot.current == old);
    }

    private Facts facts(Collection<Slot> now) {
        List<SlotFacts> all = new ArrayList<>();
        for (Slot slot : now) {
            all.add(new SlotFacts(slot.number, slot.order, slot.closing, facts(slot.current), facts(slot.replacement),
                    slot.timer != null, slot.gaveUp, slot.before != null));
        }
        Set<Long> versions = new HashSet<>();
        int leaving = 0;
        for (WorkerHandle worker : master.liveWorkers()) {
            versions.add(worker.codeVersion().version());
            leaving += worker.replaced ? 1 : 0;
        }
        return new Facts(master.nanos(), master.codeVersion().version(), all, versions, leaving);
    }

    private static @Nullable WorkerFacts facts(@Nullable WorkerHandle worker) {
        if (worker == null) {
            return null;
        }
        boolean isGoing = worker.reason != null || !worker.state().isLive();
        Stage stage = isGoing ? Stage.GOING : worker.state() == WorkerState.READY ? Stage.READY : Stage.STARTING;
        return new WorkerFacts(worker.id(), worker.codeVersion().version(), stage, worker.forkedNanos(),
                isGoing ? "ended: " + worker.reason : "");
    }

    private void carryOut(Step step) {
        switch (step) {
            case Step.Replace(int slot, long version) -> {
                boolean isNew = version != master.codeVersion().version();
                slots.forkReplacement(slot, isNew ? codeVersionUnderWay() : master.codeVersion(), why(isNew),
                        overMemory());
            }
            case Step.Drop(int slot) -> slots.dropReplacement(slot);
            case Step.Abort(long version, int slot, long worker) -> {
                failed = worker;
                slots.goBack(version, worker);
            }
            case Step.Commit _ -> {
                master.commit(codeVersionUnderWay());
                slots.commit();
            }
            case Step.Open() -> slots.open();
            case Step.Close(int slot) -> slots.close(slot);
            case Step.Finish(Outcome outcome) -> {
                finish(requests.element(), outcome);
                requests.remove();
            }
        }
    }

    private CodeVersion codeVersionUnderWay() {
        if (requests.peek() instanceof Request.Reload reload) {
            return reload.codeVersion;
        }
        throw new IllegalStateException("no reload is under way");
    }

    /** What the request of now is about, if it is that. */
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
                    worker.recycling.failed(master.nanos());
                } else if (outcome instanceof Outcome.Failed && exit != null) {
                    slots.failReplacing(worker, exit);
                }
            }
            case Request.Scale(CompletableFuture<Void> future) -> results.add(() -> master.complete(() -> {
                switch (outcome) {
                    case Outcome.Done _ -> future.complete(null);
                    case Outcome.Failed(int _, String why) -> future.completeExceptionally(
                            new CorralException(master.config().name() + " was not scaled: " + why));
                }
            }));
        }
        failed = 0;
        failedExit = null;
    }

    private void finish(Request.Reload reload, ReloadResult result) {
        if (result instanceof ReloadResult.Aborted(int slot, String why, Optional<Exit> _)) {
            LOG.log(Level.WARNING, "the reload of {0} to {1} was aborted: {2}{3}", master.config().name(),
                    reload.codeVersion.program(), slot < 0 ? "" : "slot " + slot + ": ", why);
        }
        if (result instanceof ReloadResult.Completed) {
            master.countReload();
            slots.closeDroppedPorts();
        }
        master.incarnations().forgetAllBut(master.codeVersion().program());
        results.add(() -> {
            master.publish(new ClusterEvent.Reloaded(master.now(), result));
            master.complete(() -> reload.future.complete(result));
        });
    }
}
