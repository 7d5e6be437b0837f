package dev.corral.master;

import static java.util.Objects.requireNonNull;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.ClusterStats;
import dev.corral.CorralException;
import dev.corral.Exit;
import dev.corral.Inspection;
import dev.corral.MessageHandler;
import dev.corral.Program;
import dev.corral.ReloadResult;
import dev.corral.Subscription;
import dev.corral.Worker;
import dev.corral.WorkerContext;
import dev.corral.WorkerStats;
import dev.corral.mailbox.MasterEndpoint;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import dev.corral.worker.Incarnations;
import dev.corral.worker.IsolatedIncarnations;
import dev.corral.report.EndedWorker;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A cluster. Its methods are the API, for any thread; what they command is done by {@link Slots} on the master's thread.
 */
public final class Master implements Cluster {
    private static final Log LOG = Log.get();
    /** How much longer than its deadlines an end may take: threads have to be scheduled, loaders to be let go. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** How many of those that have not ended are named. */
    private static final int SHOWN_WORKERS = 10;
    private static final Duration LAST_EVENTS = Duration.ofSeconds(2);
    /** For the log to write its last lines. */
    private static final Duration LAST_LINES = Duration.ofSeconds(1);
    /** How long output may take at least, however late the last worker ends. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(1);
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();
    /** What few need: told to those who ask. */
    private static final Set<Capability> NOT_MISSED = EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL);
    private static final AtomicBoolean TOLD_WHAT_IS_ABSENT = new AtomicBoolean();

    private final ClusterConfig config;
    /** What new workers run. Written by the master's thread. */
    private volatile CodeVersion codeVersion;
    private final AtomicLong editions = new AtomicLong();
    private final Promises promises = new Promises();
    private final Incarnations incarnations;
    private final MasterClock clock;
    private final ControlLoop loop;
    private final EventThread events;
    private final Slots slots;
    private final LeakMonitor leakMonitor;
    private final ReadyTargets readyTargets;
    private final Readiness readiness = new Readiness();
    private final SlotNumbers slotNumbers = new SlotNumbers();
    private final ConcurrentSkipListMap<Long, WorkerHandle> live = new ConcurrentSkipListMap<>();
    private final Map<Integer, WorkerHandle> current = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong zombies = new AtomicLong();
    private final AtomicLong memoryRecycles = new AtomicLong();
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch emptied = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final DoubleSupplier random;
    private volatile @Nullable Thread shutdownHook;

    /** Opens a cluster, as {@link Cluster#open} says. */
    public static Cluster open(Program program, ClusterConfig config) {
        if (contextOfThisThread().isPresent()) {
            throw new IllegalStateException("a worker opens no cluster; ask Cluster.isMaster() first");
        }
        LOG.start();
        requireCapabilities(config);
        Master master = create(program, config, new IsolatedIncarnations(config, program.parent()));
        master.start(_ -> {});
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

    private static void requireCapabilities(ClusterConfig config) {
        Set<Capability> absent = EnumSet.allOf(Capability.class);
        absent.removeAll(capabilities());
        Set<Capability> required = EnumSet.noneOf(Capability.class);
        required.addAll(config.required());
        if (config.reloadSignal()) {
            required.add(Capability.RELOAD_SIGNAL);
        }
        requireFigures(config, absent);
        for (Capability capability : required) {
            if (absent.contains(capability)) {
                throw new CorralException(capability + " is required, but this JVM does not have it; it needs "
                        + capability.remedy());
            }
        }
        absent.removeAll(NOT_MISSED);
        if (!absent.isEmpty() && TOLD_WHAT_IS_ABSENT.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "this JVM runs workers without {0}; Capability.remedy() tells what would bring it",
                    absent);
        }
    }

    /** Of the limits that need them. */
    private static void requireFigures(ClusterConfig config, Set<Capability> absent) {
        if (config.memory().maxLiveBytes().isEmpty()) {
            return;
        }
        String limit =
                "at most " + config.memory().maxLiveBytes().getAsLong() + " live bytes are allowed to each worker of "
                        + config.name() + ", but ";
        if (!config.liveBytes()) {
            throw new CorralException(limit + "they are not to be estimated: that needs withLiveBytes(true)");
        }
        if (absent.contains(Capability.LIVE_BYTES)) {
            throw new CorralException(limit + "this JVM cannot estimate them: that is " + Capability.LIVE_BYTES
                    + ", and needs " + Capability.LIVE_BYTES.remedy());
        }
    }

    /** Not started. */
    Master(Program program, ClusterConfig config, Incarnations incarnations, MasterClock clock, DoubleSupplier random) {
        this.codeVersion = newCodeVersion(program);
        this.config = config;
        this.incarnations = incarnations;
        this.clock = clock;
        this.random = random;
        this.loop = new ControlLoop(config.name(), clock, this::settle);
        this.events = new EventThread(config.name(), clock);
        this.readyTargets = new ReadyTargets(config.name(), config.balancer());
        this.slots = new Slots(this);
        this.leakMonitor = new LeakMonitor(this);
    }

    /**
     * The steps of a start, in their order. The shutdown hook and the signal act through the master's thread, so they come after
     * that thread.
     */
    enum StartStep {
        EVENTS, MASTER_THREAD, SHUTDOWN_HOOK, RELOAD_SIGNAL, FIRST_WORKERS
    }

    /**
     * Starts the cluster. If a step fails, the steps before it are undone: no thread, hook, signal handler or worker stays.
     *
     * @param before is called before each step; what it throws is a failure of that step
     */
    void start(Consumer<StartStep> before) {
        Set<StartStep> done = EnumSet.noneOf(StartStep.class);
        try {
            for (StartStep step : StartStep.values()) {
                before.accept(step);
                take(step);
                done.add(step);
            }
        } catch (RuntimeException | Error e) { // no thread or no memory is left, or the JVM is shutting down
            undoStart(done.contains(StartStep.MASTER_THREAD), e);
            throw e;
        }
    }

    private void take(StartStep step) {
        switch (step) {
            case EVENTS -> {
                config.listeners().forEach(listener -> events.listen(ClusterEvent.class, listener));
                rehearseWhenReady();
                events.start();
            }
            case MASTER_THREAD -> {
                loop.start();
                loop.submit(this::tick);
            }
            case SHUTDOWN_HOOK -> addShutdownHook();
            case RELOAD_SIGNAL -> {
                if (config.reloadSignal()) {
                    ReloadSignal.listen(this);
                }
            }
            case FIRST_WORKERS -> {
                for (int i = 0; i < config.workers(); i++) {
                    fork();
                }
            }
        }
    }

    /** Without a master thread there is no worker, and nothing to wait for. */
    private void undoStart(boolean hasThread, Throwable failure) {
        try {
            if (hasThread) {
                close();
            } else {
                closing.set(true);
                emptied.countDown();
                if (end()) {
                    Thread.currentThread().interrupt();
                }
            }
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    private void addShutdownHook() {
        if (config.shutdownHook()) {
            var hook = new Thread(this::close, "corral-" + config.name() + "-shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            shutdownHook = hook;
        }
    }

    /** As soon as so many have got ready as there are to be: nobody's start is to wait for it. */
    private void rehearseWhenReady() {
        var ready = new AtomicInteger();
        var _ = events.listen(ClusterEvent.Ready.class, _ -> {
            if (ready.incrementAndGet() >= config.workers()) {
                FailurePathWarmUp.begin(config);
            }
        });
    }

    private void settle() {
        slots.settle();
    }

    private void tick() {
        try {
            events.relieve();
            ServiceThreads.lookAfterAll();
        } finally { // events are looked after again, whatever happened
            loop.after(EventThread.PATIENCE, this::tick);
        }
    }

    /** What this JVM, with its flags, can do. */
    public static Set<Capability> capabilities() {
        return IsolatedIncarnations.capabilities();
    }

    /** What this program's code is. */
    public static Inspection inspect(Program program) {
        return IsolatedIncarnations.inspect(program);
    }

    /** The worker that the current thread belongs to, seen from inside. */
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
        return codeVersion.program();
    }

    @Override
    public Worker fork(Map<String, String> env) {
        Map<String, String> copy = Map.copyOf(env);
        if (closing.get()) {
            throw new IllegalStateException("cluster " + config.name() + " is closed");
        }
        WorkerHandle worker = newSlot();
        try {
            submit(all -> all.fork(worker, copy));
        } catch (OutOfMemoryError e) {
            live.remove(worker.key());
            slotClosed(worker.slot());
            throw e;
        }
        return worker;
    }

    @Override
    public CompletableFuture<Void> scale(int workers) {
        if (workers < 0) {
            throw new IllegalArgumentException("workers is " + workers + "; it must be 0 or more");
        }
        CompletableFuture<Void> future = promise(it -> it.completeExceptionally(
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
        String _ = next.fingerprint(); // is computed here, for it reads all of the code
        CompletableFuture<ReloadResult> future = promise(
                it -> it.complete(new ReloadResult.Aborted(-1, "the cluster was closed", Optional.empty())));
        submit(all -> all.reload(next, future));
        return future.copy();
    }

    @Override
    public List<Worker> workers() {
        return List.copyOf(live.values());
    }

    @Override
    public Optional<Worker> worker(long id) {
        return Optional.ofNullable(live.get(id));
    }

    @Override
    public Optional<Worker> slot(int slot) {
        return Optional.ofNullable(current.get(slot));
    }

    @Override
    public <E extends ClusterEvent> Subscription on(Class<E> type, Consumer<? super E> listener) {
        return events.listen(type, listener);
    }

    @Override
    public Subscription onMessage(MessageHandler handler) {
        return messages().receive(requireNonNull(handler, "handler"));
    }

    @Override
    public void send(Object message) throws InterruptedException {
        refuseOnEventThread("send");
        readyTargets.send(message);
    }

    @Override
    public int broadcast(Object message) {
        return readyTargets.broadcast(message);
    }

    @Override
    public ClusterStats stats() {
        List<WorkerStats> workers = new ArrayList<>();
        live.values().forEach(worker -> workers.add(worker.stats()));
        return new ClusterStats(config.name(), codeVersion.program().toString(), workers, slotNumbers.count(),
                readiness.ready(),
                readiness.gaveUp(), ids.get(), restarts.get(), zombies.get(), memoryRecycles.get(),
                reloads.get(), leakMonitor.stoppedThreads(),
                leakMonitor.abandonedThreads(), leakMonitor.leakedLoaders(), ServiceThreads.statsOf(config.name()),
                loop.sinceLastTurn());
    }

    @Override
    public boolean awaitReady(int workers, Duration deadline) throws InterruptedException {
        refuseOnEventThread("awaitReady");
        return readiness.awaitReady(workers, deadline);
    }

    @Override
    public boolean awaitClosed() throws InterruptedException {
        refuseOnEventThread("awaitClosed");
        boolean closed = readiness.awaitClosed();
        if (!closed) {
            incarnations.awaitOutput(FOR_EVER);
        }
        return closed;
    }

    void refuseOnEventThread(String method) {
        if (events.isCurrent()) {
            throw new IllegalStateException(
                    method + " waits, and what it waits for is told by this thread, the event thread of "
                            + config.name() + "; call it from another one");
        }
    }

    @Override
    public CompletableFuture<Void> disconnect() {
        CompletableFuture<Void> future = promise(it -> it.complete(null));
        submit(all -> all.disconnectAll(() -> complete(() -> future.complete(null))));
        return future.copy();
    }

    @Override
    public void close() {
        refuseOnEventThread("close");
        boolean first = closing.compareAndSet(false, true);
        if (first) {
            removeShutdownHook();
            if (config.reloadSignal()) {
                ReloadSignal.forget(this);
            }
            submit(all -> all.closeAll(emptied::countDown));
        }
        boolean interrupted = false;
        Duration deadlines = config.stop().drain().plus(config.stop().stop()).plus(config.stop().kill());
        long start = nanos();
        try {
            await(emptied, deadlines);
        } catch (InterruptedException e) {
            interrupted = true;
            submit(Slots::killAll);
            interrupted |= awaitUninterruptibly(emptied, config.stop().kill());
        }
        if (first) {
            interrupted |= awaitOutput(deadlines.minusNanos(nanos() - start));
            interrupted |= end();
        } else {
            interrupted |= awaitUninterruptibly(ended, LAST_EVENTS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(CountDownLatch latch, Duration deadlines) throws InterruptedException {
        if (!latch.await(deadlines.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
            List<Worker> left = workers();
            LOG.log(Level.ERROR, "cluster {0} was closed, but {1} workers have not ended, among them {2}",
                    config.name(), left.size(), left.stream().limit(SHOWN_WORKERS).toList());
        }
    }

    /** True if it was interrupted meanwhile. */
    private boolean awaitUninterruptibly(CountDownLatch latch, Duration deadlines) {
        boolean interrupted = false;
        while (true) {
            try {
                await(latch, deadlines);
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    /** True if it was interrupted meanwhile, which ends the wait. */
    private boolean awaitOutput(Duration left) {
        try {
            incarnations.awaitOutput(left.compareTo(LAST_OUTPUT) < 0 ? LAST_OUTPUT : left);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    /** Ends the threads of the master. True if it was interrupted meanwhile. */
    private boolean end() {
        loop.submit(loop::stop);
        incarnations.close();
        events.stop();
        readiness.close();
        try {
            incarnations.post().awaitHandled(LAST_EVENTS);
            events.awaitEnd(LAST_EVENTS);
            return false;
        } catch (InterruptedException e) {
            return true;
        } finally {
            promises.close();
            boolean _ = LOG.flush(LAST_LINES);
            ended.countDown();
        }
    }

    private void removeShutdownHook() {
        Thread hook = shutdownHook;
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the JVM is shutting down, and the hook may be what closes this cluster
            }
        }
    }

    // ---- For those on the master's thread, and for workers ----

    /** Has something done with the slots, on the master's thread. */
    void submit(Consumer<Slots> command) {
        loop.submit(() -> command.accept(slots));
    }

    ControlLoop.Timer after(Duration delay, Runnable action) {
        return loop.after(delay, action);
    }

    long nanos() {
        return clock.nanos();
    }

    Instant now() {
        return clock.now();
    }

    DoubleSupplier random() {
        return random;
    }

    Incarnations incarnations() {
        return incarnations;
    }

    void publish(ClusterEvent event) {
        events.publish(event);
    }

    /** Has a future completed, on the event thread. */
    void complete(Runnable completion) {
        events.complete(completion);
    }

    void publishReadiness(int ready, int slots, int gaveUp, boolean over) {
        readiness.publish(ready, slots, gaveUp, over);
    }

    /** Whether it gets what is for any worker. */
    void admit(WorkerHandle worker, boolean admit) {
        readyTargets.admit(worker, admit);
    }

    MasterEndpoint messages() {
        return incarnations.post().master();
    }

    void publishCurrent(int slot, @Nullable WorkerHandle worker) {
        if (worker == null) {
            current.remove(slot);
        } else {
            current.put(slot, worker);
        }
    }

    Collection<WorkerHandle> liveWorkers() {
        return live.values();
    }

    /** Not among those that live yet. */
    WorkerHandle newWorker(int slot, int weight, CodeVersion codeVersion) {
        return new WorkerHandle(this, ids.incrementAndGet(), slot, codeVersion, weight, clock.nanos());
    }

    /** It lives from now on, until it is {@link #exited}. */
    void enlist(WorkerHandle worker) {
        live.put(worker.key(), worker);
    }

    /** The first worker of a slot that there has not been; any thread. */
    WorkerHandle newSlot() {
        int slot = slotNumbers.take();
        try {
            WorkerHandle worker = newWorker(slot, WorkerHandle.DEFAULT_WEIGHT, codeVersion);
            current.put(slot, worker);
            enlist(worker);
            return worker;
        } catch (OutOfMemoryError e) {
            slotClosed(slot);
            throw e;
        }
    }

    CodeVersion newCodeVersion(Program program) {
        return new CodeVersion(editions.incrementAndGet(), program);
    }

    CodeVersion codeVersion() {
        return codeVersion;
    }

    /** New workers run this from now on. */
    void commit(CodeVersion codeVersion) {
        this.codeVersion = codeVersion;
    }

    /** A future that is abandoned in this way if the master ends before it is complete; any thread. */
    <T> CompletableFuture<T> promise(Consumer<CompletableFuture<T>> abandon) {
        return promises.make(abandon);
    }

    void countRestart() {
        restarts.incrementAndGet();
    }

    void countZombie() {
        zombies.incrementAndGet();
    }

    void countMemoryRecycle() {
        memoryRecycles.incrementAndGet();
    }

    void countReload() {
        reloads.incrementAndGet();
    }

    void slotClosed(int slot) {
        current.remove(slot);
        slotNumbers.giveBack(slot);
    }

    void exited(WorkerHandle worker, Exit exit, EndedWorker remains) {
        if (live.containsKey(worker.key())) {
            incarnations.post().ended(worker.id(), exit);
            worker.end(exit);
            leakMonitor.add(worker, remains);
            live.remove(worker.key()); // before it is told: who hears of it does not find it among the live ones
        }
        if (!worker.toldExited) {
            complete(() -> worker.completeExited(exit));
            publish(new ClusterEvent.Exited(now(), worker, exit));
            worker.toldExited = true;
        }
    }

    // ---- For tests ----

    ControlLoop loop() {
        return loop;
    }

    EventThread events() {
        return events;
    }
}
