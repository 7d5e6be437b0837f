package dev.corral.worker;

import dev.corral.carrier.Scheduler;
import dev.corral.isolate.Isolate;
import dev.corral.jdk.JdkCaches;
import dev.corral.leak.LoaderWatch;
import dev.corral.reap.Reaper;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.WorkerPorts;
import dev.corral.redirect.Output;
import dev.corral.redirect.ShutdownHooks;
import dev.corral.redirect.SignalHandlers;
import dev.corral.report.Accounts;
import dev.corral.report.EndedIsolate;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import dev.corral.thread.Failures;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The end of one incarnation, on a thread of its own: drain, stop, teardown. The master asks for the next phase; the thread
 * leaves the one that it is in. The threads come from a pool, so that the next end need not wait for one to be started.
 */
final class Ending {
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-ending-");
    private static final Log LOG = Log.get();
    /** Between two looks at something that tells no one when it is over. */
    private static final long LOOK_MILLIS = 10;
    private static final Duration FLUSH = Duration.ofSeconds(1);
    /** For carriers to come back from what was interrupted or killed by then; on a busy machine they wait for a processor. */
    private static final Duration CARRIERS = Duration.ofSeconds(1);

    /** Of one step of the teardown that runs out of memory; it may be the program that says so. */
    private static final int MOST_TRIES = 50;

    /** What is wanted, in this order. */
    private enum Phase {
        DRAIN, STOP, KILL
    }

    private final Parts parts;
    private final Reaper reaper;
    /** Made before they are needed: what is to end a worker that has filled the heap must not fail for want of an object. */
    private final Runnable phases = this::run;
    private final Runnable tearDown = this::tearDown;
    /** Null until the end has begun. Raised by the master's thread, read by the ending thread. */
    private volatile @Nullable Phase wanted;
    /** How long the threads have to end. Written before {@code wanted}. */
    private volatile Duration killDeadline = Duration.ZERO;
    /** Owned by the master's thread. */
    private boolean begun;
    /** The ending thread while it may be interrupted. Guarded by the monitor. */
    private @Nullable Thread thread;

    /** What is to be taken apart. */
    record Parts(Isolate isolate, Scheduler scheduler, WorkerPorts ports, Context context, Termination termination,
            Liveness liveness, boolean asyncStop, Accounts accounts, WorkerEndpoint side, Supplier<WorkerFigures> facts,
            Reports reports) {}

    Ending(Parts parts) {
        this.parts = parts;
        this.reaper = new Reaper(parts.isolate, parts.scheduler, parts.asyncStop);
    }

    void drain() {
        advance(Phase.DRAIN);
    }

    void stop(Duration kill) {
        killDeadline = kill;
        advance(Phase.STOP);
    }

    void kill(Duration deadline) {
        killDeadline = deadline;
        advance(Phase.KILL);
    }

    private void advance(Phase phase) {
        wanted = phase;
        if (!begun) {
            THREADS.execute(phases);
            begun = true; // where there was no thread for it, it is asked for again
        } else {
            leavePhase();
        }
    }

    private synchronized void leavePhase() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** From now on the current thread is interrupted when the next phase is wanted; or, with null, no more. */
    private synchronized void interruptible(@Nullable Thread current) {
        thread = current;
    }

    /** Whether an end was asked for; any thread. */
    boolean hasBegun() {
        return wanted != null;
    }

    private boolean isWanted(Phase phase) {
        Phase now = wanted;
        return now != null && now.compareTo(phase) >= 0;
    }

    private void run() {
        interruptible(Thread.currentThread());
        try {
            Thread.currentThread().setName(parts.isolate.name() + "/ending");
            if (!isWanted(Phase.STOP)) {
                guarded("drain", () -> new Drain(parts, reaper, () -> isWanted(Phase.STOP)).run());
                guarded("drain", parts.reports::drained); // else the master goes on at its deadline
                awaitStop();
            }
            guarded("ports", parts.ports::retire);
            guarded("ports", () -> {
                var _ = parts.ports.handOver();
            });
            if (!isWanted(Phase.KILL)) {
                guarded("signal handlers", this::askToStop);
            }
            if (!isWanted(Phase.KILL)) {
                guarded("shutdown hooks", this::runHooks);
                guarded("shutdown hooks", parts.reports::stopped);
            }
        } finally {
            interruptible(null);
            Thread.interrupted(); // no phase is left to be asked for
            // where there is no memory for a part of it, all of it again
            Failures.insist(LOG, "the end of a worker waits for memory", tearDown);
            guarded("caches", JdkCaches::displace); // late, for the first time takes a while
            Thread.currentThread().setName("corral-ending-idle");
        }
    }

    /** What fails in one step must not keep the worker from its end. */
    private void guarded(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException e) {
            // the next phase is wanted; or this thread was interrupted by chance, and goes on to it early
        } catch (RuntimeException | Error e) {
            Failures.tell(LOG, parts.isolate.name(), ": " + what + " failed", e);
        }
    }

    /** Likewise, but what has run out of memory is done again: a thread that is left out would hold what the worker has filled the heap with. */
    private void surely(String what, Step step) {
        surely(parts.isolate.name(), what, step);
    }

    static void surely(String worker, String what, Step step) {
        for (int tries = 1;; tries++) {
            try {
                step.run();
                return;
            } catch (InterruptedException e) {
                return; // by chance
            } catch (RuntimeException | Error e) {
                Failures.tell(LOG, worker, ": " + what + " failed", e);
                if (tries == MOST_TRIES || !Failures.isWantOfMemory(e)) {
                    return;
                }
                Failures.pause(tries);
            }
        }
    }

    interface Step {
        void run() throws InterruptedException;
    }

    private void awaitStop() {
        while (!isWanted(Phase.STOP)) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                // look again
            }
        }
    }

    /**
     * As a process that gets SIGTERM: if the program handles that, it ends itself, or has its end at the deadline; else its shutdown hooks
     * follow at once, as they do when it has ended itself.
     */
    private void askToStop() {
        var handlers = parts.isolate.redirects().get(SignalHandlers.class);
        var asked = new AtomicBoolean();
        if (!parts.termination.isOwn()) {
            var _ = PatientStart.run("a signal handler waits for a thread", () -> isWanted(Phase.KILL),
                    () -> asked.set(handlers.stop()));
        }
        while (asked.get() && !isWanted(Phase.KILL) && !parts.termination.isOwn()) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                // look what is wanted now
            }
        }
    }

    private void runHooks() throws InterruptedException {
        List<Thread> hooks = parts.isolate.redirects().get(ShutdownHooks.class).take();
        for (Thread hook : hooks) {
            try {
                var _ = PatientStart.run("a shutdown hook waits for a thread", () -> isWanted(Phase.KILL), hook::start);
            } catch (IllegalThreadStateException e) {
                LOG.log(Level.WARNING, "{0}: shutdown hook {1} had been started already", parts.isolate.name(),
                        hook.getName());
            }
        }
        for (Thread hook : hooks) {
            while (!isWanted(Phase.KILL) && hook.isAlive() && !parts.termination.isWaiting(hook)) {
                try {
                    hook.join(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    // look what is wanted now
                }
            }
        }
    }

    private void tearDown() {
        var end = new End();
        Output output = parts.isolate.redirects().get(Output.class);
        List<Thread> abandoned = new ArrayList<>();
        guarded("figures", () -> end.facts = parts.facts.get());
        surely("ports", parts.ports::retire);
        surely("handlers", reaper::takeHandlers);
        // first: a handler that is condemned would be given one message after another, and throw them away
        Failures.insist(LOG, "the end of a worker waits for memory", parts.side::close);
        surely("condemn", this::condemn);
        surely("threads", reaper::tellAll); // before their sockets go, of which a server that knows nothing makes a spin
        surely("sockets", parts.ports::closeAll);
        surely("threads", () -> abandoned.addAll(reaper.endAll(killDeadline.toNanos())));
        surely("sockets", parts.ports::closeAll);
        surely("beans", parts.isolate::forgetBeans);
        surely("messages", parts.side::finish);
        surely("messages", () -> end.undelivered = parts.side.undelivered());
        surely("output", () -> flush(output));
        surely("undo", () -> parts.isolate.redirects().undo()
                .forEach(e -> LOG.log(Level.WARNING, () -> parts.isolate.name() + ": an undo failed", e)));
        surely("scheduler", parts.scheduler::close);
        surely("carriers", () -> abandoned.addAll(parts.scheduler.awaitCarriers(CARRIERS)));
        guarded("figures", () -> end.facts = end.facts.with(parts.accounts.usageWithoutAsking(List.of())));
        var remains = new EndedIsolate(parts.termination.code(), end.facts, output.last(), end.undelivered,
                reaper.stopped(),
                abandoned, new LoaderWatch(parts.isolate));
        surely("isolate", parts.isolate::dispose);
        parts.reports.ended(remains);
    }

    /** So that the lines come before the exit, as a rule. What the sink has not taken by then, it gets later. */
    private void flush(Output output) {
        output.flush(FLUSH);
        if (output.lost() > 0) {
            LOG.log(Level.WARNING,
                    "{0}: {1} lines that it printed are lost: the output was not read, and it was killed",
                    parts.isolate.name(), output.lost());
        }
    }

    /** What is told of it; owned by the ending thread. */
    private static final class End {
        WorkerFigures facts = WorkerFigures.NONE;
        List<Object> undelivered = List.of();
    }

    private void condemn() {
        parts.isolate.condemn();
        parts.termination.condemned();
        parts.liveness.condemned();
    }
}
