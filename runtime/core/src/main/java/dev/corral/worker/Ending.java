package dev.corral.worker;

import dev.corral.carrier.Scheduler;
import dev.corral.isolate.Isolate;
import dev.corral.jdk.JdkCaches;
import dev.corral.leak.LoaderWatch;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.WorkerPorts;
import dev.corral.reap.Reaper;
import dev.corral.redirect.exit.ShutdownHooks;
import dev.corral.redirect.exit.SignalHandlers;
import dev.corral.redirect.stdio.Output;
import dev.corral.report.Accounts;
import dev.corral.report.EndedIsolate;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import dev.corral.thread.Log;
import dev.corral.thread.Retry;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
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

    /**
     * For a step of the teardown. A thread that it leaves out would hold what the worker has filled the heap with. The attempts are limited,
     * because the OutOfMemoryError may be thrown by code of the program.
     */
    static final Retry AGAIN = Retry.atMost(50);

    /** What is wanted, in this order. */
    private enum Phase {
        DRAIN, STOP, KILL
    }

    private final Parts parts;
    private final Reaper reaper;
    /** Made before they are needed: what is to end a worker that has filled the heap must not fail for want of an object. */
    private final Runnable phases = this::run;
    private final Runnable tearDown = this::tearDown;
    private final Retry untilKilled = Retry.until(() -> isWanted(Phase.KILL));
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
                runStep(Retry.NEVER, "drain", () -> new Drain(parts, reaper, () -> isWanted(Phase.STOP)).run());
                runStep(Retry.NEVER, "drain", parts.reports::drained); // else the master goes on at its deadline
                awaitStop();
            }
            runStep(Retry.NEVER, "ports", parts.ports::retire);
            runStep(Retry.NEVER, "ports", () -> {
                var _ = parts.ports.handOver();
            });
            if (!isWanted(Phase.KILL)) {
                runStep(Retry.NEVER, "signal handlers", this::askToStop);
            }
            if (!isWanted(Phase.KILL)) {
                runStep(Retry.NEVER, "shutdown hooks", this::runHooks);
                runStep(Retry.NEVER, "shutdown hooks", parts.reports::stopped);
            }
        } finally {
            interruptible(null);
            Thread.interrupted(); // no phase is left to be asked for
            var _ = Retry.UNTIL_DONE.run(Ending::logWait, tearDown::run);
            runStep(Retry.NEVER, "caches", JdkCaches::displace); // late, for the first time takes a while
            Thread.currentThread().setName("corral-ending-idle");
        }
    }

    /** Runs one step. What it throws is logged, and must not keep the worker from its end. */
    private void runStep(Retry retry, String what, Step step) {
        runStep(retry, e -> LOG.failed(parts.isolate.name(), ": " + what + " failed", e), step);
    }

    static void runStep(Retry retry, Consumer<Throwable> log, Step step) {
        try {
            var _ = retry.run(log, step);
        } catch (InterruptedException e) {
            // the next phase is wanted; or this thread was interrupted by chance, and goes on to it early
        } catch (RuntimeException | Error e) {
            log.accept(e);
        }
    }

    interface Step extends Retry.Action<InterruptedException> {}

    static void logWait(Throwable outOfMemory) {
        LOG.failed("the end of a worker waits for memory", outOfMemory);
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
            var _ = untilKilled.run(e -> LOG.failed("a signal handler waits for a thread", e),
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
                var _ = untilKilled.run(e -> LOG.failed("a shutdown hook waits for a thread", e), hook::start);
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
        runStep(Retry.NEVER, "figures", () -> end.facts = parts.facts.get());
        runStep(AGAIN, "ports", parts.ports::retire);
        runStep(AGAIN, "handlers", reaper::takeHandlers);
        // first: a handler that is condemned would be given one message after another, and throw them away
        var _ = Retry.UNTIL_DONE.run(Ending::logWait, parts.side::close);
        runStep(AGAIN, "condemn", this::condemn);
        runStep(AGAIN, "threads", reaper::tellAll); // before their sockets go, of which a server that knows nothing makes a spin
        runStep(AGAIN, "sockets", parts.ports::closeAll);
        runStep(AGAIN, "threads", () -> abandoned.addAll(reaper.endAll(killDeadline.toNanos())));
        runStep(AGAIN, "sockets", parts.ports::closeAll);
        runStep(AGAIN, "beans", parts.isolate::forgetBeans);
        runStep(AGAIN, "messages", parts.side::finish);
        runStep(AGAIN, "messages", () -> end.undelivered = parts.side.undelivered());
        runStep(AGAIN, "output", () -> flush(output));
        runStep(AGAIN, "undo", () -> parts.isolate.redirects().undo()
                .forEach(e -> LOG.log(Level.WARNING, () -> parts.isolate.name() + ": an undo failed", e)));
        runStep(AGAIN, "scheduler", parts.scheduler::close);
        runStep(AGAIN, "carriers", () -> abandoned.addAll(parts.scheduler.awaitCarriers(CARRIERS)));
        runStep(Retry.NEVER, "figures", () -> end.facts = end.facts.with(parts.accounts.usageWithoutAsking(List.of())));
        var remains = new EndedIsolate(parts.termination.code(), end.facts, output.last(), end.undelivered,
                reaper.stopped(),
                abandoned, new LoaderWatch(parts.isolate));
        runStep(AGAIN, "isolate", parts.isolate::dispose);
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
