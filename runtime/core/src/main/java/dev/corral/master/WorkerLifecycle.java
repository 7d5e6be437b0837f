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
import dev.corral.thread.Log;
import dev.corral.worker.Incarnation;
import dev.corral.worker.Incarnation.OpenPort;
import dev.corral.report.EndedWorker;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The way of one worker through its states: what is told to its incarnation, which events that makes, which deadline follows.
 * What its end means for the slot is decided by {@link Slots}. Belongs to the master's thread.
 */
final class WorkerLifecycle {
    /** Exit code of what was ended by force, as a shell tells it of SIGKILL. */
    static final int FORCED = 137;
    /** Between attempts to begin an end. */
    static final Duration AGAIN = Duration.ofMillis(100);

    private static final Log LOG = Log.get();

    private final Master master;
    private final StopPolicy deadlines;
    private int ready;

    WorkerLifecycle(Master master) {
        this.master = master;
        this.deadlines = master.config().stop();
    }

    /** Workers that may get traffic. */
    int ready() {
        return ready;
    }

    /** Ends one that has no incarnation. */
    void refuse(WorkerHandle worker) {
        if (worker.settled == null) {
            master.submit(slots -> slots.ended(worker, new NeverMade()));
            worker.settled = STARTING;
        }
    }

    void online(WorkerHandle worker) {
        if (worker.state() == STARTING) {
            go(worker, ONLINE);
        }
    }

    void becomeReady(WorkerHandle worker) {
        if (worker.state() == ONLINE) {
            worker.wasReady = true;
            go(worker, READY);
        }
    }

    /**
     * It is not ready by the start deadline. One that was to say so is a zombie; any other one may be a program that never listens, and
     * is watched from now on.
     */
    private void overdue(WorkerHandle worker) {
        if (worker.state().isLive()) {
            incarnationOf(worker).watch(master.config().readySignal());
            warnOfPorts(worker);
        }
    }

    /** A program that has bound a port and accepts nothing there seems to listen, and does not. */
    private void warnOfPorts(WorkerHandle worker) {
        List<SocketAddress> silent = incarnationOf(worker).openPorts().stream().filter(port -> !port.isServed())
                .map(OpenPort::address).toList();
        if (!silent.isEmpty()) {
            LOG.log(Level.WARNING,
                    "{0} of {1} is not ready {2} ms after its fork: it has bound {3}, and does not accept connections there",
                    worker, master.config().name(), worker.uptime(master.nanos()).toMillis(), silent);
        }
    }

    /** Lets connections come to one that is ready, unless its weight forbids it, or it is silent. */
    void admit(WorkerHandle worker) {
        if (worker.state() == READY) {
            boolean admit = worker.weight() > 0 && !worker.suspected;
            worker.admitted = true;
            incarnationOf(worker).admit(admit);
            master.admit(worker, admit);
        }
    }

    /** It has missed a heartbeat, or moves again. */
    void suspect(WorkerHandle worker, boolean suspected) {
        worker.suspected = suspected;
        admit(worker);
    }

    /** Lets it drain; stop follows when it has, or at the deadline. Only one that lives is told. */
    void leave(WorkerHandle worker, ExitReason reason) {
        if (worker.state().isLive()) {
            giveReason(worker, reason);
            go(worker, DRAINING);
        }
    }

    /** It has drained, or had the time for it. */
    void drained(WorkerHandle worker) {
        if (worker.state() == DRAINING) {
            stop(worker, false);
        }
    }

    /** Cuts it off; its shutdown hooks run, unless they are passed over, and its threads end. */
    void stop(WorkerHandle worker, boolean withoutHooks) {
        if (worker.state().isConnected()) {
            worker.withoutHooks = withoutHooks;
            go(worker, STOPPING);
        }
    }

    /**
     * Its shutdown hooks have run in time. What follows takes a deadline of its own, and is the same as if it was ended by force: that it
     * takes long where many workers end on a busy machine is no fault of this one, and does not change its exit code.
     */
    void stopped(WorkerHandle worker) {
        if (worker.state() == STOPPING) {
            cancelDeadline(worker);
        }
    }

    /** Ends it by force, unless that is under way. The reason counts only if there is none yet. */
    void force(WorkerHandle worker, ExitReason reason) {
        if (worker.state().compareTo(KILLING) < 0 && worker.incarnation() != null) {
            giveReason(worker, reason);
            worker.forced = true;
            go(worker, KILLING);
        }
    }

    /** From here to {@link #settle} nothing takes memory. */
    private void go(WorkerHandle worker, WorkerState next) {
        ready += (next == READY ? 1 : 0) - (worker.state() == READY ? 1 : 0);
        worker.to(next);
        settle(worker);
    }

    /** Has everybody got what his state asks for. */
    void settleAll() {
        for (WorkerHandle worker : master.liveWorkers()) {
            settle(worker);
        }
    }

    /**
     * Does what the state of the worker asks for, unless that has been done. Where memory runs out on the way, it is done from its beginning
     * at the next call; so an event may be told twice then, but nothing is left out. What fails otherwise is not tried again.
     */
    void settle(WorkerHandle worker) {
        WorkerState state = worker.state();
        if (worker.settled == state || worker.env == null) { // of those that have been made, some are started by a later command
            return;
        }
        boolean again = false;
        try {
            give(worker, state, worker.env);
        } catch (OutOfMemoryError e) {
            again = true;
            throw e;
        } finally {
            if (!again && worker.state() == state) { // else it has gone on, and the same was done for that
                worker.settled = state;
            }
        }
    }

    private void give(WorkerHandle worker, WorkerState state, Map<String, String> env) {
        switch (state) {
            case STARTING -> enter(worker, env);
            case ONLINE -> master.publish(new ClusterEvent.Online(master.now(), worker));
            case READY -> {
                cancelDeadline(worker);
                incarnationOf(worker).watch(false);
                admit(worker);
                master.complete(worker::completeReady);
                master.publish(new ClusterEvent.Ready(master.now(), worker));
            }
            case DRAINING -> {
                shutOut(worker);
                if (worker.incarnation() != null) { // else its end is on the way
                    worker.deadline = master.after(deadlines.drain(), () -> drained(worker));
                    beginEnd(worker);
                }
            }
            case STOPPING, KILLING -> {
                shutOut(worker);
                beginEnd(worker); // before it is told, which may fail for want of memory
                if (!worker.toldDisconnected) {
                    master.publish(new ClusterEvent.Disconnected(master.now(), worker));
                    worker.toldDisconnected = true;
                }
                if (state == STOPPING && !worker.withoutHooks) {
                    worker.deadline =
                            master.after(deadlines.stop(), () -> force(worker, new ExitReason.OnRequest()));
                }
            }
            case EXITED -> {
            }
        }
    }

    /** Forks it. If that fails, it has crashed, and is reported as ended like any other. */
    private void enter(WorkerHandle worker, Map<String, String> env) {
        if (worker.notStarted == null) {
            master.publish(new ClusterEvent.Forked(master.now(), worker));
            try {
                Incarnation incarnation = master.incarnations().create(worker, worker.program(), env,
                        new WorkerReports(master, worker));
                worker.begin(incarnation);
                worker.deadline = master.after(master.config().heartbeat().startDeadline(), () -> overdue(worker));
                incarnation.start();
            } catch (RuntimeException | Error e) { // no thread to be had, or the snapshot is gone
                worker.notStarted = e;
            }
        }
        if (worker.notStarted != null) {
            giveReason(worker, new ExitReason.Crashed(Failure.of(worker.notStarted)));
            if (worker.incarnation() != null) {
                stop(worker, true);
            } else {
                refuse(worker);
            }
        }
    }

    private void shutOut(WorkerHandle worker) {
        cancelDeadline(worker);
        if (worker.admitted) {
            incarnationOf(worker).admit(false);
            master.admit(worker, false);
            worker.admitted = false;
        }
    }

    /** Asks its incarnation for that part of its end that its state stands for, once. */
    private void beginEnd(WorkerHandle worker) {
        Incarnation incarnation = worker.incarnation();
        WorkerState state = worker.state();
        if (incarnation != null && worker.begun != state) {
            beginEnd(worker, incarnation, state);
            worker.begun = state;
        }
    }

    /** As long as there is neither memory nor a thread for it, again and again, unless the worker has gone on to the next part. */
    private void beginEnd(WorkerHandle worker, Incarnation incarnation, WorkerState state) {
        try {
            if (state == DRAINING) {
                incarnation.drain();
            } else if (state == STOPPING && !worker.withoutHooks) {
                incarnation.stop(deadlines.kill());
            } else {
                incarnation.kill(deadlines.kill());
            }
        } catch (RuntimeException | Error e) {
            LOG.failed("the end of a worker could not be begun; it is tried again", e);
            master.after(AGAIN, () -> {
                if (worker.state() == state) {
                    beginEnd(worker, incarnation, state);
                }
            });
        }
    }

    /** It is gone. */
    Exit ended(WorkerHandle worker, EndedWorker remains) {
        Exit before = worker.exit();
        if (before != null) {
            return before;
        }
        if (worker.state().isConnected()) { // it could not even be begun
            worker.begun = KILLING;
            go(worker, KILLING);
        }
        cancelDeadline(worker);
        if (worker.reason == null) {
            worker.reason = new ExitReason.OnRequest();
        }
        int code = codeOf(worker, remains);
        ExitReason reason = worker.reason;
        if (reason instanceof ExitReason.Completed) { // with the last code: a hook may have changed it
            reason = new ExitReason.Completed(code);
        }
        if (worker.state() != EXITED) {
            worker.to(EXITED);
        }
        long nowNanos = master.nanos();
        return new Exit(worker.id(), worker.slot(), code, reason, worker.uptime(nowNanos),
                worker.stats(remains.facts(), nowNanos), remains.output(), remains.undelivered(),
                remains.abandonedThreads());
    }

    private static int codeOf(WorkerHandle worker, EndedWorker remains) {
        if (worker.forced) {
            return FORCED;
        }
        return switch (requireNonNull(worker.reason)) {
            case ExitReason.Completed(int code) -> remains.code().orElse(code);
            case ExitReason.Crashed _ -> remains.code().orElse(1);
            case ExitReason.OnRequest _,ExitReason.Replaced _,ExitReason.OverMemory _ -> remains.code().orElse(0);
            case ExitReason.Killed _,ExitReason.Zombie _,ExitReason.OverThreads _ -> FORCED;
        };
    }

    /** The first one stands. */
    static void giveReason(WorkerHandle worker, ExitReason reason) {
        if (worker.reason == null) {
            worker.reason = reason;
        }
    }

    private static void cancelDeadline(WorkerHandle worker) {
        if (worker.deadline != null) {
            worker.deadline.cancel();
            worker.deadline = null;
        }
    }

    private static Incarnation incarnationOf(WorkerHandle worker) {
        return requireNonNull(worker.incarnation(), "a worker that lives runs in something");
    }
}
