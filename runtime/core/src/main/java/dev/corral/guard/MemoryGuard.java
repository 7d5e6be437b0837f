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
 * The guard of memory of one cluster, on a thread of its own: looks at the limits of its workers once in each period, and at live bytes and
 * the heap after each collection too. It goes on whatever happens, an OutOfMemoryError above all. Where there is no memory even for its own
 * work, the {@link Rescue} makes room.
 */
public final class MemoryGuard implements AutoCloseable {
    private static final Log LOG = Log.get();
    /** Of the part of the heap at which it is short: from there on it may be so soon. */
    private static final double SOON_SHORT = 0.7;
    /** How often it is looked whether the heap fills up between collections. */
    private static final long POLL_NANOS = 100_000_000;
    /** For new connections, from one look to the next. */
    private static final Duration HOLD = Duration.ofMillis(300);
    /** For a limit of new connections; it is set anew at each look. */
    private static final Duration LIMIT = Duration.ofSeconds(1);
    /** How often connections are allowed anew while they are counted. */
    private static final long COUNTED_NANOS = 20_000_000;
    private static final CollectionRequests REQUESTS = new CollectionRequests();
    /** Workers of all clusters of this JVM. */
    private static final AtomicInteger WORKERS = new AtomicInteger();

    private final String cluster;
    private final MemoryPolicy policy;
    private final Heap heap;
    private final CollectionRequests requests;
    /** Owned by the thread. */
    private final Pressure pressure;
    private final long periodNanos;
    /** Added by the master's thread; taken out by it and by ending threads. */
    private final Set<GuardedWorker> guarded = ConcurrentHashMap.newKeySet();
    private final NotificationListener collected = (_, _) -> wake();
    private final ServiceThread thread;
    private final Rescue rescue;
    /** Owned by the master's thread: set with the first worker that is guarded. */
    private boolean started;
    private volatile boolean closed;

    /** The guarded ones again, so that walking through them needs no memory. Replaced as a whole, under the lock of {@link #guarded}. */
    private volatile GuardedWorker[] everyone = {};

    // Owned by the thread.
    private final Runnable turn = this::turn;
    /** Whether this turn has run out of memory. */
    private boolean hasFailed;
    /** Whether the turn before had. */
    private boolean hadFailed;
    /** Whether it hears of collections. */
    private boolean listening;
    private long nextLookNanos;
    private long lastLookNanos = System.nanoTime();
    private @Nullable CollectionCounts seen;
    /** Null when figures are as the last collection has them. */
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

    /** Whether there is anything to guard. */
    private boolean isOn() {
        return policy.heapPressure() < 1 || policy.maxLiveBytes().isPresent() || policy.maxAllocatedBytes().isPresent()
                || policy.maxMetaspaceBytes().isPresent();
    }

    /** Takes it under guard against pressure; its own limits count when it says so. On the master's thread. */
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
            if (guarded.add(now)) { // where that fails, there is nothing to take back
                WORKERS.incrementAndGet();
            }
            everyone = guarded.toArray(GuardedWorker[]::new);
        }
        return now;
    }

    public void remove(GuardedWorker gone) {
        synchronized (guarded) {
            if (guarded.remove(gone)) {
                WORKERS.decrementAndGet();
            }
            everyone = guarded.toArray(GuardedWorker[]::new);
        }
    }

    /** Has it look, if there was a collection. Any thread. */
    void wake() {
        thread.wake();
    }

    /** Makes no object of its own, so it takes no memory to go on. */
    private void run() {
        while (!closed) {
            thread.busy();
            hadFailed = hasFailed;
            hasFailed = false;
            guardedly(turn);
        }
        guardedly(this::listenNoMore);
    }

    /** Nothing is kept from the other workers, or from the next time, by what it throws. */
    private void guardedly(Runnable action) {
        try {
            action.run();
        } catch (Throwable e) { // the guard is needed now more than ever
            if (!hadFailed) { // telling takes memory
                tellSurely(e);
            }
            hasFailed |= Retry.isWantOfMemory(e);
            Retry.pause();
        }
    }

    /** A text takes memory at its first use, before any method is called with it. */
    private void tellSurely(Throwable failure) {
        try {
            LOG.failed("the guard of memory goes on after a failure: ", cluster, failure);
        } catch (OutOfMemoryError e) {
            // then it is not told
        }
    }

    private void listen() {
        Collectors.beans().forEach(bean -> {
            if (bean instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(collected, null, null);
            }
        });
    }

    private void listenNoMore() {
        Collectors.beans().forEach(bean -> {
            if (bean instanceof NotificationEmitter emitter) {
                try {
                    emitter.removeNotificationListener(collected);
                } catch (ListenerNotFoundException e) {
                    // there was no memory for it
                }
            }
        });
    }

    /** Looks, if it is time, or there was a collection, and when figures have settled after that; else waits. */
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
        look(now, collections, isDue);
        boolean hasRescue = policy.heapPressure() < 1; // without it, nothing would release the reserve
        if (hasRescue && heap.usedBytes() < SOON_SHORT * policy.heapPressure() * heap.maxBytes()) {
            heap.holdReserve();
        }
    }

    /** What a connection can add to: garbage included, where it is not known what is old. */
    private long filledBytes() {
        long old = heap.oldBytes();
        return old > 0 ? old : heap.inUseBytes();
    }

    /** First what cannot wait. */
    private void look(long nowNanos, CollectionCounts collections, boolean isDue) {
        long old = heap.oldBytes();
        long used = Math.max(heap.usedBytes(), old);
        boolean needsLive = policy.maxLiveBytes().isPresent() || pressure.isInterested(used);
        long inUse = heap.inUseBytes();
        boolean hurry = inUse >= SOON_SHORT * policy.heapPressure() * heap.maxBytes();
        List<Pressure.Holder> holders = new ArrayList<>();
        if (needsLive) {
            for (GuardedWorker each : guarded) {
                guardedly(() -> holders.add(lookAtLive(each, collections, hurry, nowNanos)));
            }
        }
        pressure.look(new Pressure.Facts(nowNanos, collections, used, inUse, old, heap.collectingNanos(), WORKERS.get(),
                holders)).ifPresent(step -> follow(step, nowNanos));
        if (pressure.isWaitingForRoom()) {
            Admission.holdFor(HOLD);
        }
        if (isDue && (policy.maxAllocatedBytes().isPresent() || policy.maxMetaspaceBytes().isPresent())) {
            Map<Isolate, List<Thread>> threads = LiveThreads.platform();
            for (GuardedWorker each : guarded) {
                guardedly(() -> lookAtTheRest(each, threads));
            }
        }
    }

    private Pressure.Holder lookAtLive(GuardedWorker each, CollectionCounts collections, boolean hurry, long nowNanos) {
        each.look();
        OptionalLong live = each.figures().liveBytes();
        if (each.isLimited()) {
            switch (each.limits().look(live, each.figures().unseenBytes(), collections, hurry, nowNanos)) {
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
        return new Pressure.Holder(each.id(), live, each.isLimited() ? policy.maxLiveBytes() : OptionalLong.empty());
    }

    private void lookAtTheRest(GuardedWorker each, Map<Isolate, List<Thread>> threads) {
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
            case Step.NobodyToBlame(long used, long share) -> LOG.log(Level.WARNING,
                    "the heap of {0} is short: {1} of {2} bytes are in use after a collection; but no worker keeps more than its "
                            + "fair share of {3} bytes, so none is replaced",
                    cluster, text(used), text(heap.maxBytes()), text(share));
            case Step.NoFigures(long used) -> LOG.log(Level.WARNING,
                    "the heap of {0} is short: {1} of {2} bytes are in use after a collection; which worker keeps them is not known "
                            + "without {3}, so none is replaced",
                    cluster, text(used), text(heap.maxBytes()), Capability.LIVE_BYTES);
        }
    }

    /** Without the grouping of a locale. */
    private static String text(long number) {
        return Long.toString(number);
    }

    private void collect(Haste haste, long nowNanos) {
        if (requests.mayAsk(nowNanos, haste)) {
            heap.collect(this::wake);
        }
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(guarded).forEach(this::remove);
        wake();
        rescue.wake();
    }
}
