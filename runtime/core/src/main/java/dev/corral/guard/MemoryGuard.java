package dev.corral.guard;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.corral.Capability;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.hotspot.Collectors;
import dev.corral.isolate.Isolate;
import dev.corral.reap.LiveThreads;
import dev.corral.memory.CollectionRequests.Haste;
import dev.corral.memory.CollectionRequests;
import dev.corral.memory.CollectionCounts;
import dev.corral.memory.HeapFacts;
import dev.corral.memory.Limits.Finding;
import dev.corral.memory.Limits;
import dev.corral.memory.LiveBytes;
import dev.corral.memory.Pressure.Step;
import dev.corral.memory.Pressure;
import dev.corral.port.Admission;
import dev.corral.report.Reports;
import dev.corral.thread.Retry;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import dev.corral.text.Quantities;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.jspecify.annotations.Nullable;

/**
 * The memory guard of one cluster, on a thread of its own. It checks the limits of the workers once in each period, and
 * live bytes and the heap also after each collection. It continues after all exceptions, above all after an
 * OutOfMemoryError. If there is no memory even for its own work, the {@link Rescue} makes room.
 */
public final class MemoryGuard implements AutoCloseable {
    private static final Log LOG = Log.get();
    /** The part of the pressure threshold from which the heap may soon be short. */
    private static final double SOON_SHORT = 0.7;
    /** The interval of the checks whether the heap fills up between collections. */
    private static final long POLL_NANOS = 100_000_000;
    /** How long new connections are held; longer than the time to the next check. */
    private static final Duration HOLD = Duration.ofMillis(300);
    /** How long a limit of new connections lasts; each check sets it again. */
    private static final Duration LIMIT = Duration.ofSeconds(1);
    /** The interval in which new connections are permitted while they are counted. */
    private static final long COUNTED_NANOS = 20_000_000;
    private static final CollectionRequests REQUESTS = new CollectionRequests();
    /** The number of workers of all clusters of this JVM. */
    private static final AtomicInteger WORKERS = new AtomicInteger();

    private final String cluster;
    private final MemoryPolicy policy;
    private final Heap heap;
    private final CollectionRequests requests;
    /** Owned by the thread. */
    private final Pressure pressure;
    private final long periodNanos;
    /** Workers are added by the master's thread, and removed by it and by threads that end workers. */
    private final Set<GuardedWorker> guarded = ConcurrentHashMap.newKeySet();
    private final NotificationListener collected = (_, _) -> wake();
    private final ServiceThread thread;
    private final Rescue rescue;
    /** Owned by the master's thread: set with the first worker that is guarded. */
    private boolean started;
    private volatile boolean closed;

    /**
     * The elements of {@link #guarded}, so that a loop over them needs no memory. Replaced as a whole, with the monitor
     * of {@link #guarded} held.
     */
    private volatile GuardedWorker[] everyone = {};

    // Owned by the thread.
    private final Runnable turn = this::turn;
    /** Whether this turn has run out of memory. */
    private boolean hasFailed;
    /** Whether the previous turn ran out of memory. */
    private boolean hadFailed;
    /** Whether the guard is notified of collections. */
    private boolean listening;
    private long nextLookNanos;
    private long lastLookNanos = System.nanoTime();
    private @Nullable CollectionCounts seen;
    /** When the figures will reflect the last collection; null if they do so already. */
    private @Nullable Long settledNanos;

    public MemoryGuard(String cluster, MemoryPolicy policy) {
        this(cluster, policy, new JvmHeap(), REQUESTS);
    }

    MemoryGuard(String cluster, MemoryPolicy policy, Heap heap, CollectionRequests requests) {
        this.cluster = cluster;
        this.policy = policy;
        this.heap = heap;
        this.requests = requests;
        this.pressure = new Pressure(policy, heap.maxBytes());
        this.periodNanos = NANOSECONDS.convert(policy.period());
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-memory", this::run);
        this.rescue = new Rescue(cluster, heap, new Scene());
    }

    private final class Scene implements Rescue.Scene {
        @Override
        public boolean isOver() {
            return closed;
        }

        @Override
        public GuardedWorker[] workers() {
            return everyone;
        }
    }

    /** Returns whether there is anything to guard. */
    private boolean isOn() {
        return policy.heapPressure() < 1 || policy.maxLiveBytes().isPresent() || policy.maxAllocatedBytes().isPresent()
                || policy.maxMetaspaceBytes().isPresent();
    }

    /**
     * Guards a worker against heap pressure. Its own limits count only after {@link GuardedWorker#limit} was called
     * with true. On the master's thread.
     */
    public GuardedWorker add(long worker, GuardedWorker.Figures figures, Reports reports) {
        var now = new GuardedWorker(worker, figures, reports,
                new Limits(policy, ThreadLocalRandom.current().nextDouble()));
        if (!started && isOn()) {
            nextLookNanos = System.nanoTime();
            thread.startSoon();
            if (policy.heapPressure() < 1) {
                rescue.startSoon();
            }
            started = true;
        }
        synchronized (guarded) {
            if (guarded.add(now)) { // first, so that nothing has to be undone if it runs out of memory
                WORKERS.incrementAndGet();
            }
            everyone = guarded.toArray(GuardedWorker[]::new);
        }
        return now;
    }

    /** Stops guarding a worker. Any thread may call it, more than once. */
    public void remove(GuardedWorker gone) {
        synchronized (guarded) {
            if (guarded.remove(gone)) {
                WORKERS.decrementAndGet();
            }
            everyone = guarded.toArray(GuardedWorker[]::new);
        }
    }

    /** Wakes the guard's thread, which checks whether there was a collection. Any thread may call it. */
    void wake() {
        thread.wake();
    }

    /**
     * Runs turns until the guard is closed. The loop itself creates no object, so it continues when there is no memory.
     */
    private void run() {
        while (!closed) {
            thread.busy();
            hadFailed = hasFailed;
            hasFailed = false;
            guardedly(turn);
        }
        guardedly(this::stopListening);
    }

    /** Runs an action. An exception does not prevent the checks of other workers, or the next check. */
    private void guardedly(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // the guard must continue, above all when there is no memory
            if (!hadFailed) { // logging takes memory
                logIfPossible(e);
            }
            hasFailed |= Retry.isWantOfMemory(e);
            Retry.pause();
        }
    }

    /**
     * Logs a failure. The text constant takes memory at its first use, before the call of any method, so this method
     * may run out of memory.
     */
    private void logIfPossible(Throwable failure) {
        try {
            LOG.failed("the memory guard continues after a failure: ", cluster, failure);
        } catch (OutOfMemoryError e) {
            // the failure is not logged
        }
    }

    private void listen() {
        Collectors.beans().forEach(bean -> {
            if (bean instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(collected, null, null);
            }
        });
    }

    private void stopListening() {
        Collectors.beans().forEach(bean -> {
            if (bean instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(collected);
                } catch (ListenerNotFoundException e) {
                    // the listener was not added, because there was no memory
                }
            }
        });
    }

    /**
     * Checks if the period has passed, if there was a collection, or if figures have settled after one; otherwise
     * waits.
     */
    private void turn() {
        if (!listening) {
            listen();
            listening = true;
        }
        long now = System.nanoTime();
        Admission.limit(pressure.admission(now, filledBytes()), LIMIT);
        boolean isDue = nextLookNanos - now <= 0;
        boolean areSettled = settledNanos != null && settledNanos - now <= 0;
        CollectionCounts collections = heap.collections();
        boolean isNew = !collections.equals(seen);
        boolean mayRush = policy.heapPressure() < 1 && now - lastLookNanos >= POLL_NANOS
                && pressure.isInterested(filledBytes());
        if (!isDue && !areSettled && !isNew && !mayRush) {
            long left = Math.min(nextLookNanos - now, pressure.isCareful(now) ? COUNTED_NANOS : POLL_NANOS);
            thread.idle();
            LockSupport.parkNanos(this, settledNanos == null ? left : Math.min(left, settledNanos - now));
            return;
        }
        lastLookNanos = now;
        if (isNew) {
            settledNanos = now + LiveBytes.SETTLING_NANOS;
        } else if (areSettled) {
            settledNanos = null;
        }
        seen = collections;
        if (isDue) {
            nextLookNanos = now + periodNanos;
        }
        check(now, collections, isDue);
        boolean hasRescue = policy.heapPressure() < 1; // without it, nothing would release the reserve
        if (hasRescue && heap.usedBytes() < SOON_SHORT * policy.heapPressure() * heap.maxBytes()) {
            heap.holdReserve();
        }
    }

    /**
     * Returns the bytes that new connections add to: old objects, or all objects including garbage where it is not
     * known which are old.
     */
    private long filledBytes() {
        long old = heap.oldBytes();
        return old > 0 ? old : heap.inUseBytes();
    }

    /** Checks the workers and the heap; what is most urgent comes first. */
    private void check(long nowNanos, CollectionCounts collections, boolean isDue) {
        long old = heap.oldBytes();
        long used = Math.max(heap.usedBytes(), old);
        boolean needsLive = policy.maxLiveBytes().isPresent() || pressure.isInterested(used);
        long inUse = heap.inUseBytes();
        boolean hurry = inUse >= SOON_SHORT * policy.heapPressure() * heap.maxBytes();
        List<HeapFacts.Holder> holders = new ArrayList<>();
        if (needsLive) {
            for (GuardedWorker each : guarded) {
                guardedly(() -> holders.add(checkLive(each, collections, hurry, nowNanos)));
            }
        }
        pressure.check(new HeapFacts(nowNanos, collections, used, inUse, old, heap.collectingNanos(), WORKERS.get(),
                holders)).ifPresent(step -> follow(step, nowNanos));
        if (pressure.isWaitingForRoom()) {
            Admission.holdFor(HOLD);
        }
        if (isDue && (policy.maxAllocatedBytes().isPresent() || policy.maxMetaspaceBytes().isPresent())) {
            Map<Isolate, List<Thread>> threads = LiveThreads.platform();
            for (GuardedWorker each : guarded) {
                guardedly(() -> checkOtherLimits(each, threads));
            }
        }
    }

    private HeapFacts.Holder checkLive(GuardedWorker each, CollectionCounts collections, boolean hurry, long nowNanos) {
        each.check();
        OptionalLong live = each.figures().liveBytes();
        if (each.isLimited()) {
            switch (each.limits().check(live, each.figures().unseenBytes(), collections, hurry, nowNanos)) {
                case Finding.Over(OverMemory reason) -> {
                    requests.wasWorthIt();
                    each.report(reason, false);
                }
                case Finding.Unclear _ -> collect(hurry ? pressure.haste(nowNanos) : Haste.NONE, nowNanos);
                case Finding.Suspected _ -> {
                }
                case Finding.Within _ -> {
                }
            }
        }
        return new HeapFacts.Holder(each.id(), live, each.isLimited() ? policy.maxLiveBytes() : OptionalLong.empty());
    }

    private void checkOtherLimits(GuardedWorker each, Map<Isolate, List<Thread>> threads) {
        if (each.isLimited()) {
            OptionalLong metaspace =
                    policy.maxMetaspaceBytes().isPresent() ? each.figures().metaspaceBytes() : OptionalLong.empty();
            each.limits().exceeded(each.figures().allocatedBytes(threads), metaspace)
                    .ifPresent(reason -> each.report(reason, false));
        }
    }

    private void follow(Step step, long nowNanos) {
        switch (step) {
            case Step.Collect(Haste haste) -> collect(haste, nowNanos);
            case Step.Condemn(long worker, OverMemory reason, boolean now) -> {
                requests.wasWorthIt();
                guarded.stream().filter(each -> each.id() == worker).forEach(each -> each.report(reason, now));
            }
            case Step.NoneOverShare(long used, long share) -> LOG.log(Level.WARNING,
                    "the heap of {0} is short: {1} of {2} are in use after a collection; but no worker keeps more than its "
                            + "fair share of {3}, so none is replaced",
                    cluster, Quantities.bytes(used), Quantities.bytes(heap.maxBytes()), Quantities.bytes(share));
            case Step.NoFigures(long used) -> LOG.log(Level.WARNING,
                    "the heap of {0} is short: {1} of {2} are in use after a collection; which worker keeps them is not known "
                            + "without {3}, so none is replaced",
                    cluster, Quantities.bytes(used), Quantities.bytes(heap.maxBytes()), Capability.LIVE_BYTES);
        }
    }

    private void collect(Haste haste, long nowNanos) {
        if (requests.mayAsk(nowNanos, haste)) {
            heap.collect(this::wake);
        }
    }

    /** Removes all workers and ends the threads. Does not wait for their end. */
    @Override
    public void close() {
        closed = true;
        List.copyOf(guarded).forEach(this::remove);
        wake();
        rescue.wake();
    }
}
