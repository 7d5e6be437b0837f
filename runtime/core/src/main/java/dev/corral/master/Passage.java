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
import dev.corral.queue.Failures;
import dev.corral.worker.Incarnation;
import dev.corral.worker.Remains;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way of one worker through its states: what is told to its incarnation, which events that makes, which deadline follows.
 * What its end means for the slot is decided by {@link Slots}. Belongs to the master's thread.
 */
final class Passage {
    /** Exit code of what was ended by force, as a shell tells it of SIGKILL. */
    static final int FORCED = 137;
    /** Between attempts to begin an end. */
    static final Duration AGAIN = Duration.ofMillis(100);

    private static final System.Logger LOG = System.getLogger("dev.corral");

    private final Master master;
    private final StopPolicy deadlines;
    private int ready;

    Passage(Master master) {
        this.master = master;
        this.deadlines = master.config().stop();
    }

    /** Workers that may get traffic. */
    int ready() {
        return ready;
    }

    /** Forks it. If that fails, it has crashed, and is reported as ended like any other. */
    void start(MasterWorker worker, Map<String, String> env) {
        master.publish(new ClusterEvent.Forked(master.now(), worker));
        try {
            Incarnation incarnation = master.incarnations().create(worker, worker.program(), env,
                    new WorkerReports(master, worker));
            worker.begin(incarnation);
            worker.deadline = master.after(master.config().heartbeat().startDeadline(), () -> overdue(worker));
            incarnation.start();
        } catch (RuntimeException | Error e) { // no thread to be had, or the snapshot is gone
            worker.reason = new ExitReason.Crashed(Failure.of(e));
            if (worker.incarnation() != null) {
                stop(worker, true);
            } else {
                refuse(worker);
            }
        }
    }

    /** Ends one that has no incarnation. */
    void refuse(MasterWorker worker) {
        master.submit(slots -> slots.ended(worker, new NoRemains()));
    }

    void online(MasterWorker worker) {
        if (worker.state() == STARTING) {
            worker.to(ONLINE);
            master.publish(new ClusterEvent.Online(master.now(), worker));
        }
    }

    /** True if it was not ready before. */
    boolean becomeReady(MasterWorker worker) {
        if (worker.state() != ONLINE) {
            return false;
        }
        worker.to(READY);
        cancelDeadline(worker);
        ready++;
        incarnationOf(worker).watch(false);
        admit(worker);
        master.complete(worker::completeReady);
        master.publish(new ClusterEvent.Ready(master.now(), worker));
        return true;
    }

    /**
     * It is not ready by the start deadline. One that was to say so is a zombie; any other one may be a program that never listens, and
     * is watched from now on.
     */
    private void overdue(MasterWorker worker) {
        if (worker.state().isLive()) {
            incarnationOf(worker).watch(master.config().readySignal());
        }
    }

    /** Lets connections come to one that is ready, unless its weight forbids it, or it is silent. */
    void admit(MasterWorker worker) {
        if (worker.state() == READY) {
            boolean admit = worker.weight() > 0 && !worker.suspected;
            incarnationOf(worker).admit(admit);
            master.admit(worker, admit);
        }
    }

    /** It has missed a heartbeat, or moves again. */
    void suspect(MasterWorker worker, boolean suspected) {
        worker.suspected = suspected;
        admit(worker);
    }

    /** Lets it drain; stop follows when it has, or at the deadline. Only one that lives is told. */
    void leave(MasterWorker worker, ExitReason reason) {
        if (!worker.state().isLive()) {
            return;
        }
        giveReason(worker, reason);
        cancelDeadline(worker);
        noLongerReady(worker);
        worker.to(DRAINING);
        if (worker.incarnation() == null) {
            return; // its end is on the way
        }
        worker.deadline = master.after(deadlines.drain(), () -> drained(worker));
        begin(worker, DRAINING, Incarnation::drain);
    }

    /** It has drained, or had the time for it. */
    void drained(MasterWorker worker) {
        if (worker.state() == DRAINING) {
            stop(worker, false);
        }
    }

    /** Cuts it off; its shutdown hooks run, unless they are passed over, and its threads end. */
    void stop(MasterWorker worker, boolean withoutHooks) {
        if (!worker.state().isConnected()) {
            return;
        }
        if (withoutHooks) {
            cutOff(worker, STOPPING, incarnation -> incarnation.kill(deadlines.kill()));
        } else {
            cutOff(worker, STOPPING, incarnation -> incarnation.stop(deadlines.kill()));
            worker.deadline = master.after(deadlines.stop(), () -> force(worker, new ExitReason.OnRequest()));
        }
    }

    /** Ends it by force, unless that is under way. The reason counts only if there is none yet. */
    void force(MasterWorker worker, ExitReason reason) {
        if (worker.state().compareTo(KILLING) >= 0 || worker.incarnation() == null) {
            return;
        }
        giveReason(worker, reason);
        worker.forced = true;
        cutOff(worker, KILLING, incarnation -> incarnation.kill(deadlines.kill()));
    }

    /**
     * Has a part of its end begun; as long as there is neither memory nor a thread for that, again and again, unless it has gone on to the
     * next part.
     */
    private void begin(MasterWorker worker, WorkerState state, Consumer<Incarnation> verb) {
        try {
            verb.accept(incarnationOf(worker));
        } catch (RuntimeException | Error e) {
            Failures.tell(LOG, "the end of a worker could not be begun; it is tried again", e);
            master.after(AGAIN, () -> {
                if (worker.state() == state) {
                    begin(worker, state, verb);
                }
            });
        }
    }

    /** It is gone. */
    Exit ended(MasterWorker worker, Remains remains) {
        if (worker.state().isConnected()) { // it could not even be begun
            cutOff(worker, KILLING, _ -> {});
        }
        cancelDeadline(worker);
        giveReason(worker, new ExitReason.OnRequest());
        int code = codeOf(worker, remains);
        ExitReason reason = requireNonNull(worker.reason);
        if (reason instanceof ExitReason.Completed) { // with the last code: a hook may have changed it
            reason = new ExitReason.Completed(code);
        }
        worker.to(EXITED);
        long nowNanos = master.nanos();
        return new Exit(worker.id(), worker.slot(), code, reason, worker.uptime(nowNanos),
                worker.stats(remains.facts(), nowNanos), remains.output(), remains.undelivered(),
                remains.abandonedThreads());
    }

    private static int codeOf(MasterWorker worker, Remains remains) {
        if (worker.forced) {
            return FORCED;
        }
        return switch (requireNonNull(worker.reason)) {
            case ExitReason.Completed(int code) -> remains.code().orElse(code);
            case ExitReason.Crashed _ -> remains.code().orElse(1);
            case ExitReason.OnRequest _,ExitReason.Replaced _,ExitReason.OverMemory _ -> remains.code().orElse(0);
            case ExitReason.Killed _,ExitReason.Zombie _ -> FORCED;
        };
    }

    /** The first one stands. */
    static void giveReason(MasterWorker worker, ExitReason reason) {
        if (worker.reason == null) {
            worker.reason = reason;
        }
    }

    /** It gets nothing any more; told once. */
    private void cutOff(MasterWorker worker, WorkerState next, Consumer<Incarnation> verb) {
        boolean wasConnected = worker.state().isConnected();
        cancelDeadline(worker);
        noLongerReady(worker);
        worker.to(next);
        if (worker.incarnation() != null) {
            begin(worker, next, verb); // before it is told, which may fail for want of memory
        }
        if (wasConnected) {
            master.publish(new ClusterEvent.Disconnected(master.now(), worker));
        }
    }

    private void noLongerReady(MasterWorker worker) {
        if (worker.state() == READY) {
            ready--;
            incarnationOf(worker).admit(false);
            master.admit(worker, false);
        }
    }

    private static void cancelDeadline(MasterWorker worker) {
        if (worker.deadline != null) {
            worker.deadline.cancel();
            worker.deadline = null;
        }
    }

    private static Incarnation incarnationOf(MasterWorker worker) {
        return requireNonNull(worker.incarnation(), "a worker that lives runs in something");
    }
}
