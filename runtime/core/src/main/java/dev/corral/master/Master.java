package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ClusterStats;
import dev.corral.CorralException;
import dev.corral.Inspection;
import dev.corral.MessageHandler;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.Subscription;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerStats;
import dev.corral.thread.Log;
import dev.corral.text.Checks;
import dev.corral.thread.ServiceThreads;
import dev.corral.worker.Incarnations;
import dev.corral.worker.IsolatedIncarnations;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * A cluster: the API, and its close. Any thread may call its methods. They send commands to the master's thread, where
 * {@link Supervisor} carries them out.
 */
public final class Master implements Cluster {
    private static final Log LOG = Log.get();
    /** How long {@link #close} waits until listeners have received the last events. */
    private static final Duration LAST_EVENTS = Duration.ofSeconds(2);
    /** How long {@link #close} waits until the last lines are logged. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);
    /** How long {@link #close} waits at least until output is written, even if the last worker ended late. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

    private final ClusterConfig config;
    private final MasterServices services;
    private final Registry registry;
    private final Supervisor supervisor;
    private final LeakMonitor leakMonitor;
    private final ReadyTargets readyTargets;
    private final Readiness readiness = new Readiness();
    private final ShutdownHook shutdownHook;
    /** Set by the first thread that closes the cluster. */
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ClusterEnd end;

    /** Opens a cluster, as {@link Cluster#open} says. */
    public static Cluster open(Program program, ClusterConfig config) {
        if (contextOfThisThread().isPresent()) {
            throw new IllegalStateException("a worker opens no cluster; ask Cluster.isMaster() first");
        }
        LOG.start();
        RequiredCapabilities.check(config, IsolatedIncarnations.capabilities(config.selfOpening()));
        Master master = create(program, config, new IsolatedIncarnations(config, program.parent()));
        new StartSequence(master).run(_ -> {});
        return master;
    }

    private static Master create(Program program, ClusterConfig config, Incarnations incarnations) {
        try {
            return new Master(program, config, incarnations, MasterClock.SYSTEM,
                    () -> ThreadLocalRandom.current().nextDouble());
        } catch (RuntimeException | Error e) {
            incarnations.close();
            throw e;
        }
    }

    /** Creates a cluster that is not started; {@link StartSequence} starts it. */
    Master(Program program, ClusterConfig config, Incarnations incarnations, MasterClock clock, DoubleSupplier random) {
        this.config = config;
        this.services = new MasterServices(config, clock, new ControlLoop(config.name(), clock, this::reconcile),
                new EventThread(config.name(), clock), new Promises(), incarnations, random);
        this.registry = new Registry(services, program, this::commandsOf);
        this.readyTargets = new ReadyTargets(config.name(), config.balancer(), registry::admitted);
        this.leakMonitor = new LeakMonitor(services);
        this.supervisor = new Supervisor(services, registry, readiness, leakMonitor);
        this.end = new ClusterEnd(config, registry);
        this.shutdownHook = new ShutdownHook(config.name(), this::close);
    }

    private WorkerCommands commandsOf(WorkerHandle worker) {
        return new WorkerCommandQueue(services.loop(), supervisor, worker);
    }

    /** Runs on the master's thread after each command and each timer. */
    private void reconcile() {
        supervisor.reconcile();
    }

    /** Returns the capabilities of this JVM, after Corral has opened the packages that it needs. */
    public static Set<Capability> capabilities() {
        return IsolatedIncarnations.capabilities(true);
    }

    /** Returns what a capability needs and this JVM does not have, whatever its flags; empty if it has all. */
    public static String missing(Capability capability) {
        return IsolatedIncarnations.missing(capability);
    }

    /** Returns what this JVM has of the parts of the JDK that are not public, one line for each. */
    public static List<String> internals() {
        return IsolatedIncarnations.internals();
    }

    /** Returns what is known about a program's code. */
    public static Inspection inspect(Program program) {
        return IsolatedIncarnations.inspect(program);
    }

    /**
     * Returns the context of the worker that the current thread belongs to; empty on a thread of the embedding program.
     */
    public static Optional<WorkerContext> contextOfThisThread() {
        return IsolatedIncarnations.contextOfThisThread();
    }

    // ---- The API ----

    @Override
    public ClusterConfig config() {
        return config;
    }

    @Override
    public Program program() {
        return registry.codeVersion().program();
    }

    @Override
    public Worker fork(Map<String, String> env) {
        Map<String, String> copy = Map.copyOf(requireNonNull(env, "env"));
        if (closing.get()) {
            throw new IllegalStateException("cluster " + config.name() + " is closed");
        }
        WorkerHandle worker = registry.newSlot();
        try {
            submit(all -> all.fork(worker, copy));
        } catch (OutOfMemoryError e) {
            registry.forgetSlot(worker);
            throw e;
        }
        return worker;
    }

    @Override
    public CompletableFuture<Void> scale(int workers) {
        Checks.check("the number of workers", workers, 0, Settings.MAX_WORKERS);
        CompletableFuture<Void> future = services.promises().make(it -> it.completeExceptionally(
                new CorralException(config.name() + " was not scaled: the cluster was closed")));
        submit(all -> all.scale(workers, future));
        return future.copy();
    }

    @Override
    public CompletableFuture<ReloadResult> reload() {
        return reload(program().again());
    }

    @Override
    public CompletableFuture<ReloadResult> reload(Program next) {
        String _ = requireNonNull(next, "next").fingerprint(); // computed on this thread, because it reads all of the code
        CompletableFuture<ReloadResult> future = services.promises().make(
                it -> it.complete(new ReloadResult.Aborted(-1, "the cluster was closed", Optional.empty())));
        submit(all -> all.reload(next, future));
        return future.copy();
    }

    @Override
    public List<Worker> workers() {
        return List.copyOf(registry.live());
    }

    @Override
    public Optional<Worker> worker(long id) {
        return Optional.ofNullable(registry.worker(id));
    }

    @Override
    public Optional<Worker> slot(int slot) {
        return Optional.ofNullable(registry.current(slot));
    }

    @Override
    public <E extends ClusterEvent> Subscription on(Class<E> type, Consumer<? super E> listener) {
        return services.events().listen(requireNonNull(type, "type"), requireNonNull(listener, "listener"));
    }

    @Override
    public Subscription onMessage(MessageHandler handler) {
        return services.incarnations().messageHub().master().receive(requireNonNull(handler, "handler"));
    }

    @Override
    public void send(Object message) throws InterruptedException {
        services.events().refuseCaller("send");
        readyTargets.send(message);
    }

    @Override
    public int broadcast(Object message) {
        return readyTargets.broadcast(message);
    }

    @Override
    public ClusterStats stats() {
        List<WorkerStats> workers = new ArrayList<>();
        registry.live().forEach(worker -> workers.add(worker.stats()));
        return new ClusterStats(config.name(), program().toString(), workers, registry.slots(), readiness.ready(),
                readiness.gaveUp(), registry.created(), registry.restarts(), registry.zombies(),
                registry.memoryRecycles(), registry.reloads(), leakMonitor.stoppedThreads(),
                leakMonitor.abandonedThreads(), leakMonitor.leakedLoaders(), ServiceThreads.statsOf(config.name()),
                services.loop().sinceLastTurn());
    }

    @Override
    public boolean awaitReady(int workers, Duration deadline) throws InterruptedException {
        Checks.check("the number of workers", workers, 0, Integer.MAX_VALUE);
        requireNonNull(deadline, "deadline");
        services.events().refuseCaller("awaitReady");
        return readiness.awaitReady(workers, deadline);
    }

    @Override
    public boolean awaitClosed() throws InterruptedException {
        services.events().refuseCaller("awaitClosed");
        boolean closed = readiness.awaitClosed();
        if (!closed) {
            services.incarnations().awaitOutput(FOR_EVER);
        }
        return closed;
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        CompletableFuture<Void> future = services.promises().make(it -> it.complete(null));
        submit(all -> all.disconnectAll(() -> services.events().complete(() -> future.complete(null))));
        return future.copy();
    }

    @Override
    public void close() {
        services.events().refuseCaller("close");
        boolean first = closing.compareAndSet(false, true);
        if (first) {
            shutdownHook.remove();
            if (config.reloadSignal()) {
                ReloadSignal.forget(this);
            }
            submit(all -> all.closeAll(end::emptied));
        }
        boolean interrupted = false;
        Duration deadlines = config.stop().total();
        long start = services.clock().nanos();
        try {
            end.awaitEmptied(deadlines);
        } catch (InterruptedException e) {
            interrupted = true;
            submit(Supervisor::killAll);
            interrupted |= end.awaitEmptiedUninterruptibly(config.stop().kill());
        }
        if (first) {
            interrupted |= awaitOutput(deadlines.minusNanos(services.clock().nanos() - start));
            interrupted |= endThreads();
        } else {
            interrupted |= end.awaitEndedUninterruptibly(LAST_EVENTS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true if the thread was interrupted, which ends the wait. */
    private boolean awaitOutput(Duration left) {
        try {
            services.incarnations().awaitOutput(left.compareTo(LAST_OUTPUT) < 0 ? LAST_OUTPUT : left);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Ends the threads of the master. Returns whether the thread was interrupted. */
    private boolean endThreads() {
        services.loop().submit(services.loop()::stop);
        services.incarnations().close();
        services.events().stop();
        readiness.close();
        try {
            services.incarnations().messageHub().awaitHandled(LAST_EVENTS);
            services.events().awaitEnd(LAST_EVENTS);
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            services.promises().close();
            boolean _ = LOG.flush(LAST_LINES);
            end.ended();
        }
    }

    /** Closes a cluster whose thread was never started. */
    void closeUnstarted() {
        closing.set(true);
        end.emptied();
        if (endThreads()) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- For the classes that start a cluster, and for tests ----

    /** Queues a command for the master's thread. */
    void submit(Consumer<Supervisor> command) {
        services.loop().submit(() -> command.accept(supervisor));
    }

    MasterServices services() {
        return services;
    }

    Registry registry() {
        return registry;
    }

    ShutdownHook shutdownHook() {
        return shutdownHook;
    }
}
