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
 * The end of one incarnation: drain, stop and teardown. The master requests the phases, and the ending thread leaves
 * the current phase when the next one is requested. The ending thread comes from a pool, so that an end need not wait
 * until a thread has been started.
 */
final class Ending {
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-ending-");
    private static final Log LOG = Log.get();
    /** The pause between two checks of a state that does not notify. */
    private static final long CHECK_MILLIS = 10;
    /** How long the end waits until the output sink has taken the worker's lines. */
    private static final Duration FLUSH = Duration.ofSeconds(1);
    /**
     * How long the end waits for carriers to return from tasks that were interrupted or killed. On a busy machine they
     * wait for a processor.
     */
    private static final Duration CARRIERS = Duration.ofSeconds(1);

    /**
     * The policy for a step of the teardown. A thread that a failed step leaves out would keep the memory with which
     * the worker has filled the heap. The number of attempts is limited, because the OutOfMemoryError may be thrown by
     * code of the program.
     */
    static final Retry AGAIN = Retry.atMost(50);
    /** Logs that the end of a worker waits for memory. Created in advance, because it is used when there is none. */
    static final Consumer<Throwable> LOG_WAIT = Ending::logWait;

    /** The phases that the master can request, in this order. */
    private enum Phase {
        DRAIN, STOP, KILL
    }

    private final Parts parts;
    private final Reaper reaper;
    /**
     * Created in advance, as the next field, so that the end of a worker that has filled the heap needs no memory for
     * an object before an attempt that is repeated.
     */
    private final Runnable phases = this::run;
    private final Retry.Action<RuntimeException> tearDown = this::tearDown;
    private final Retry untilKilled = Retry.until(() -> isWanted(Phase.KILL));
    /** The requested phase; null until the end begins. Written by the master's thread, read by the ending thread. */
    private volatile @Nullable Phase wanted;
    /** How long the threads have to end. Written before {@link #wanted}. */
    private volatile Duration killDeadline = Duration.ZERO;
    /** Whether the ending thread was started. Used by the master's thread only. */
    private boolean begun;
    /** The ending thread while it may be interrupted; null otherwise. Guarded by the monitor. */
    private @Nullable Thread thread;

    /** The parts of the incarnation that are taken apart. */
    record Parts(Isolate isolate, Scheduler scheduler, WorkerPorts ports, Context context, Termination termination,
            Liveness liveness, boolean asyncStop, Accounts accounts, WorkerEndpoint endpoint,
            Supplier<WorkerFigures> facts,
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
            begun = true; // after execute(): if no thread is available, the master calls this again
        } else {
            leavePhase();
        }
    }

    private synchronized void leavePhase() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** Sets the thread that the request of the next phase interrupts; null for none. */
    private synchronized void interruptible(@Nullable Thread current) {
        thread = current;
    }

    /** Whether an end was requested. Any thread may call this. */
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
                runStep(Retry.NEVER, "drain", parts.reports::drained); // if it fails, the master goes on at its deadline
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
            Thread.interrupted(); // no further phase can be requested
            tearDownSurely();
            runStep(Retry.NEVER, "caches", JdkCaches::displace); // late, because its first run takes a while
            Thread.currentThread().setName("corral-ending-idle");
        }
    }

    /** Tears down until there is memory for each step. Allocates nothing outside an attempt. */
    private void tearDownSurely() {
        var _ = Retry.UNTIL_DONE.run(LOG_WAIT, tearDown);
    }

    /** Runs one step. An exception of the step is logged, and does not stop the end of the worker. */
    private void runStep(Retry retry, String what, Step step) {
        runStep(retry, e -> LOG.failed(parts.isolate.name(), ": " + what + " failed", e), step);
    }

    static void runStep(Retry retry, Consumer<Throwable> log, Step step) {
        try {
            var _ = retry.run(log, step);
        } catch (InterruptedException e) {
            // the next phase was requested; if the thread was interrupted by chance, it continues early
        } catch (RuntimeException | Error e) {
            log.accept(e);
        }
    }

    interface Step extends Retry.Action<InterruptedException> {}

    private static void logWait(Throwable outOfMemory) {
        LOG.failed("the end of a worker waits for memory", outOfMemory);
    }

    private void awaitStop() {
        while (!isWanted(Phase.STOP)) {
            try {
                Thread.sleep(CHECK_MILLIS);
            } catch (InterruptedException e) {
                // check again
            }
        }
    }

    /**
     * Lets the program stop like a process that receives SIGTERM. If the program handles that signal, it ends itself,
     * or its end continues at the deadline. Otherwise its shutdown hooks run at once. They also run at once if the
     * program has ended itself.
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
                Thread.sleep(CHECK_MILLIS);
            } catch (InterruptedException e) {
                // check which phase is requested now
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
                    hook.join(CHECK_MILLIS);
                } catch (InterruptedException e) {
                    // check which phase is requested now
                }
            }
        }
    }

    /**
     * Takes the incarnation apart. The order matters: the threads of the program end before messages, output and
     * redirects are taken apart, because a running thread may still use these. Sockets are closed again after the
     * threads have ended, because a thread may have opened one in the meantime.
     */
    private void tearDown() {
        var end = new End();
        Output output = parts.isolate.redirects().get(Output.class);
        List<Thread> abandoned = new ArrayList<>();
        runStep(Retry.NEVER, "figures", () -> end.facts = parts.facts.get());
        runStep(AGAIN, "ports", parts.ports::retire);
        runStep(AGAIN, "handlers", reaper::takeHandlers);
        // Before condemn: a condemned handler would receive one message after another, and discard them.
        var _ = Retry.UNTIL_DONE.run(LOG_WAIT, parts.endpoint::close);
        runStep(AGAIN, "condemn", this::condemn);
        // Before the sockets are closed: a server thread that does not know of the end would spin on a closed socket.
        runStep(AGAIN, "threads", reaper::interruptAll);
        runStep(AGAIN, "sockets", parts.ports::closeAll);
        runStep(AGAIN, "threads", () -> abandoned.addAll(reaper.endAll(killDeadline.toNanos())));
        runStep(AGAIN, "sockets", parts.ports::closeAll);
        runStep(AGAIN, "beans", parts.isolate::forgetBeans);
        runStep(AGAIN, "messages", parts.endpoint::finish);
        runStep(AGAIN, "messages", () -> end.undelivered = parts.endpoint.undelivered());
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

    /**
     * Flushes the output, so that the lines usually come before the exit. The sink gets later the lines that it has not
     * taken by then.
     */
    private void flush(Output output) {
        output.flush(FLUSH);
        if (output.lost() > 0) {
            LOG.log(Level.WARNING,
                    "{0}: {1} lines of its output are lost: the output was not read before the worker was killed",
                    parts.isolate.name(), output.lost());
        }
    }

    /** The data that is reported about the end. Used by the ending thread only. */
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
