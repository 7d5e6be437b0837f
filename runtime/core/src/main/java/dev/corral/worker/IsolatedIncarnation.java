package dev.corral.worker;

import dev.corral.ClusterConfig;
import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.ExitReason;
import dev.corral.Failure;
import dev.corral.Program;
import dev.corral.Worker;
import dev.corral.WorkerStats.Cpu;
import dev.corral.WorkerStats.Traffic;
import dev.corral.carrier.Scheduler;
import dev.corral.carrier.VirtualThreads;
import dev.corral.guard.GuardedWorker;
import dev.corral.guard.MemoryGuard;
import dev.corral.guard.ThreadGuard;
import dev.corral.health.HealthCheck;
import dev.corral.health.LatencyProbe;
import dev.corral.health.Pauses;
import dev.corral.health.Watchdog;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.Metaspace;
import dev.corral.isolate.ProgramCode;
import dev.corral.mailbox.MessageHub;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.Ports;
import dev.corral.port.WorkerPorts;
import dev.corral.portable.Types;
import dev.corral.reap.LiveThreads;
import dev.corral.redirect.Redirects;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.redirect.code.RuntimeClasses;
import dev.corral.redirect.environment.Environment;
import dev.corral.redirect.environment.SystemProperties;
import dev.corral.redirect.exit.Exits;
import dev.corral.redirect.exit.FailurePrinter;
import dev.corral.redirect.exit.RecentFailures;
import dev.corral.redirect.exit.UncaughtExceptions;
import dev.corral.redirect.stdio.Output;
import dev.corral.redirect.stdio.OutputPumps;
import dev.corral.redirect.thread.ThreadNames;
import dev.corral.redirect.thread.VirtualThreadMaking;
import dev.corral.report.Accounts;
import dev.corral.report.Reports;
import dev.corral.report.WorkerFigures;
import dev.corral.thread.Log;
import dev.corral.thread.Retry;
import dev.corral.thread.ServiceThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a program in its own isolate. */
final class IsolatedIncarnation implements Incarnation {
    private static final Log LOG = Log.get();
    /** Threads that wait for the end of programs whose entry has returned. */
    private static final ExecutorService LIVES = ServiceThreads.pool("corral-life-");

    private final Reports reports;
    private final Isolate isolate;
    private final Scheduler scheduler;
    private final WorkerPorts ports;
    private final Liveness liveness;
    private final WorkerEndpoint endpoint;
    private final Ending ending;
    private final Termination termination;
    private final VirtualThreadMaking virtualThreads;
    private final ProgramCode code;
    private final boolean isWorkerMain;
    private final boolean readyWithoutSignal;
    private final Accounts accounts;
    private final LatencyProbe probe;
    private final HealthCheck.Parts healthParts;
    private final Watchdog watch;
    private final MemoryGuard memory;
    private final ThreadGuard.Counted counted;
    private final long id;
    /**
     * The subject of the memory guard; null before the start. Written by the master's thread, and read by the ending
     * thread later.
     */
    private volatile @Nullable GuardedWorker guarded;
    private final Retry untilCondemned;
    // Created in advance, because they are used when there may be no memory.
    private final Runnable life = this::live;
    private final Retry.Action<RuntimeException> awaitEnd = this::awaitEnd;
    /** The exit code if nothing else sets one. Written by the thread that enters the program, before {@link #life}. */
    private int exitCode;
    /** The subject of the watchdog; null until it is watched. Written by the master's thread. */
    private volatile @Nullable HealthCheck health;

    IsolatedIncarnation(Worker worker, ClusterConfig config, ProgramCode code, MessageHub hub, Ports ports,
            Watchdog watch,
            MemoryGuard memory, OutputPumps pumps, RecentFailures recentFailures, Map<String, String> env,
            Reports reports) {
        Program program = code.program();
        this.reports = reports;
        this.code = code;
        this.watch = watch;
        this.memory = memory;
        this.id = worker.id();
        this.isWorkerMain = program.isWorkerMain();
        this.readyWithoutSignal = !config.readySignal();
        isolate = new Isolate(config.name() + "#" + worker.id(), code);
        untilCondemned = Retry.until(isolate::isCondemned);
        scheduler = new Scheduler(isolate.name(), isolate, config.carriers(), config.maxVirtualThreads());
        accounts = new Accounts(isolate, scheduler, config.liveBytes());
        probe = new LatencyProbe(scheduler);
        liveness = new Liveness(isolate);
        this.ports = new WorkerPorts(ports, worker, new PortReports(reports), liveness::changed);

        termination = new Termination(isolate.name(), reports);
        var environment = new Environment(ownVariables(worker, config.name(), env));
        var output = new Output(pumps, worker.slot(), line -> config.output().line(worker, line), isolate::isCondemned);
        Consumer<Failure> crash = failure -> {
            termination.endsByItself();
            reports.exiting(new ExitReason.Crashed(failure), false);
        };
        var threadNames = new ThreadNames(isolate.name());
        var printer = new FailurePrinter(isolate.name(), output::err, threadNames::getName, recentFailures);
        var uncaught = new UncaughtExceptions(isolate::isCondemned, printer, crash, config.uncaughtEnds());
        counted = new ThreadGuard.Counted(isolate, scheduler, config, reports, uncaught::crashIfPending);
        virtualThreads = new VirtualThreadMaking(this::virtualThreadBuilder, uncaught);
        var parts = new Catalogue.Parts(isolate.name(), isolate.group(), isolate.loader(), config.carriers(),
                new Exits(termination), output, environment, new SystemProperties(code.properties()), uncaught,
                virtualThreads, threadNames);
        Redirects redirects = Catalogue.redirectsOf(parts);
        var pauses = new Pauses();
        endpoint = hub.join(worker.id(), new Types(isolate.types()), this::messageThread, liveness::changed);
        var context =
                new Context(worker, config.name(), environment, this.ports, endpoint, virtualThreads, pauses, reports);
        isolate.bind(redirects, context);
        ending = new Ending(
                new Ending.Parts(isolate, scheduler, this.ports, context, termination, liveness, config.asyncStop(),
                        accounts,
                        endpoint, this::lastFacts, reports));
        healthParts = new HealthCheck.Parts(worker, isolate, scheduler, this.ports, probe, pauses, accounts,
                config.asyncStop(), reports);
    }

    /** Passes on what the program does with its ports. */
    private record PortReports(Reports reports) implements WorkerPorts.Listener {
        @Override
        public void listening(InetSocketAddress address) {
            reports.listening(address);
        }

        @Override
        public void serving(InetSocketAddress address) {
            reports.serving(address);
        }
    }

    private static Map<String, String> ownVariables(Worker worker, String cluster, Map<String, String> env) {
        Map<String, String> variables = new HashMap<>(env);
        variables.put("CORRAL_ID", Long.toString(worker.id()));
        variables.put("CORRAL_SLOT", Integer.toString(worker.slot()));
        variables.put("CORRAL_NAME", cluster);
        return variables;
    }

    Thread.Builder.OfVirtual virtualThreadBuilder() {
        return VirtualThreads.haveOwnScheduler() ? VirtualThreads.on(scheduler) : Thread.ofVirtual();
    }

    private Thread messageThread(Runnable task) {
        Thread thread = virtualThreads.ofVirtual().name(isolate.name() + "/messages")
                .inheritInheritableThreadLocals(false).unstarted(task);
        thread.setContextClassLoader(isolate.loader());
        return thread;
    }

    Isolate isolate() {
        return isolate;
    }

    @Override
    public WorkerEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public void start() {
        guarded = memory.add(id, new MemoryFigures(), reports);
        ThreadGuard.add(counted);
        String name = isolate.name() + "/main";
        Thread main = isWorkerMain
                ? virtualThreads.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this::run)
                : new Thread(isolate.group(), this::run, name, 0, false);
        if (!main.isVirtual()) {
            main.setDaemon(false);
        }
        main.setContextClassLoader(isolate.loader());
        main.start();
    }

    /**
     * Runs the program, on the thread that enters it. The thread ends when the entry has returned, because the program
     * may wait for that.
     */
    private void run() {
        Throwable thrown = enter();
        Thread thread = Thread.currentThread();
        if (thrown != null) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        } else if (readyWithoutSignal && endpoint.isReceiving() && !ports.hasOpenPort()) {
            reports.readySignalled(); // messages are all that it serves
        }
        exitCode = thrown == null ? 0 : 1;
        var _ = untilCondemned.run(e -> LOG.failed("the end of a program waits for memory or a thread", e),
                () -> LIVES.execute(life));
    }

    /** Waits for the end of the program, on a thread of Corral. Allocates nothing outside an attempt. */
    private void live() {
        var _ = untilCondemned.run(Ending.LOG_WAIT, awaitEnd);
    }

    /** Reports the end once nothing keeps the program alive. May be repeated if it finds no memory. */
    private void awaitEnd() {
        if (liveness.awaitEnd(ports, endpoint)) {
            termination.endsByItself();
            if (!ending.hasBegun()) { // if it has, its connections may finish first
                reports.exiting(new ExitReason.Completed(exitCode), false);
            }
        }
    }

    private @Nullable Throwable enter() {
        try {
            isolate.enter(reports::online);
            return null;
        } catch (Throwable e) { // whatever the program throws
            return e;
        }
    }

    @Override
    public void admit(boolean admit) {
        ports.admit(admit);
    }

    @Override
    public void watch(boolean overdue) {
        limit(true);
        if (watch.isOn() && health == null) {
            var now = new HealthCheck(healthParts, watch.policy(), overdue);
            watch.add(now);
            health = now; // last: if there is no memory, the master calls this again
        }
    }

    private void limit(boolean limited) {
        GuardedWorker now = guarded;
        if (now != null) {
            now.limit(limited);
        }
    }

    /**
     * Ends the checks of the watchdog and the limits. An incarnation that drains or stops may still fill the heap, so
     * the memory guard keeps it until the teardown.
     */
    private void unwatch() {
        limit(false);
        HealthCheck now = health;
        if (now != null) {
            watch.remove(now);
        }
    }

    @Override
    public void drain() {
        unwatch();
        ending.drain();
    }

    @Override
    public void stop(Duration kill) {
        unwatch();
        ending.stop(kill);
    }

    @Override
    public void kill(Duration deadline) {
        unwatch();
        ending.kill(deadline);
    }

    /**
     * Returns the last figures, after nothing more can happen to it. The caller must not wait longer than necessary.
     */
    private WorkerFigures lastFacts() {
        ThreadGuard.remove(counted);
        GuardedWorker now = guarded;
        if (now != null) {
            memory.remove(now);
        }
        List<Thread> threads = LiveThreads.platform(isolate);
        return facts(threads, accounts.usageWithoutAsking(threads));
    }

    /** The figures that the memory guard needs. */
    private final class MemoryFigures implements GuardedWorker.Figures {
        @Override
        public long allocatedBytes(Map<Isolate, List<Thread>> threads) {
            return accounts.usageWithoutAsking(threads.getOrDefault(isolate, List.of())).memory().allocatedBytes();
        }

        @Override
        public OptionalLong liveBytes() {
            return accounts.liveBytes();
        }

        @Override
        public List<Kept> kept() {
            return accounts.kept();
        }

        @Override
        public List<AllocatedAt> allocatedAt() throws IOException {
            return accounts.allocatedAt();
        }

        @Override
        public void stopCode() {
            isolate.condemn();
        }

        @Override
        public long heldBytes() {
            return accounts.heldBytes();
        }

        @Override
        public long unseenBytes() {
            return accounts.unseenBytes();
        }

        @Override
        public OptionalLong metaspaceBytes() {
            return Metaspace.of(isolate);
        }
    }

    @Override
    public WorkerFigures facts() {
        List<Thread> threads = LiveThreads.platform(isolate);
        return facts(threads, accounts.usage(threads));
    }

    private WorkerFigures facts(List<Thread> threads, WorkerFigures.Usage usage) {
        HealthCheck now = health;
        var cpu = new Cpu(usage.cpu(), busy(), LiveThreads.virtual(scheduler).size(),
                threads.size() + scheduler.carriers(), scheduler.waiting());
        var traffic = new Traffic(ports.connections(), ports.accepted(), ports.failed(), endpoint.waiting());
        return new WorkerFigures(cpu, usage.memory(), traffic, probe.heartbeat(now == null ? 0 : now.missed()),
                code.unwoven() + isolate.redirects().get(RuntimeClasses.class).unwoven());
    }

    @Override
    public List<OpenPort> openPorts() {
        return ports.openPorts().stream().map(port -> new OpenPort(port.address(), port.openedNanos(), port.isServed(),
                port.mayBeShared())).toList();
    }

    @Override
    public int connections() {
        return ports.connections();
    }

    @Override
    public double busy() {
        return scheduler.busy();
    }
}
