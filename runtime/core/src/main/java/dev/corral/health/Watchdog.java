package dev.corral.health;

import dev.corral.HeartbeatPolicy;
import dev.corral.isolate.Isolate;
import dev.corral.reap.LiveThreads;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import dev.corral.thread.ServiceThreads;
import dev.corral.watchdog.Round;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Checks all workers of one cluster, once in each interval. It has a thread of its own, because it must wait for the
 * stack of a thread that does not reach a safepoint, and the master must never wait.
 */
public final class Watchdog implements AutoCloseable {
    private static final Log LOG = Log.get();

    private final HeartbeatPolicy policy;
    private final CollectorStops collections = new CollectorStops();
    /** The checks of workers. Added by the master's thread; removed by it and by the watchdog's thread. */
    private final Set<HealthCheck> watched = ConcurrentHashMap.newKeySet();
    /** Started with the first worker. */
    private final ServiceThread thread;
    private volatile boolean closed;

    /** Creates a watchdog; its thread starts with the first worker. */
    public Watchdog(String cluster, HeartbeatPolicy policy) {
        this.policy = policy;
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-watchdog", this::run);
    }

    /** Returns whether a debugger may attach to this JVM. */
    static boolean isUnderDebugger() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.contains("jdwp"));
    }

    /** Returns whether workers are checked at all. */
    public boolean isOn() {
        return policy.isOn() && (policy.underDebugger() || !isUnderDebugger());
    }

    /** Returns the policy. */
    public HeartbeatPolicy policy() {
        return policy;
    }

    /** Begins to check a worker. On the master's thread. */
    public void add(HealthCheck health) {
        thread.startSoon();
        watched.add(health);
    }

    /** Stops checking a worker. Any thread may call it. */
    public void remove(HealthCheck health) {
        watched.remove(health);
    }

    private void run() {
        long interval = policy.interval().toNanos();
        long last = System.nanoTime();
        while (!closed) {
            thread.idle();
            awaitUntil(last + interval);
            thread.busy();
            long now = System.nanoTime();
            ServiceThreads.superviseAll();
            checkAll(Round.after(last, now, collections.stoppedNanos(), interval));
            last = now;
        }
    }

    private void awaitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0 && !closed; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void checkAll(Round round) {
        if (watched.isEmpty()) {
            return;
        }
        Map<Isolate, List<Thread>> threads = LiveThreads.platform();
        watched.removeIf(health -> !check(health, round, threads.getOrDefault(health.isolate(), List.of())));
    }

    /** Checks one worker. Returns false if it must not be checked any more. */
    private static boolean check(HealthCheck health, Round round, List<Thread> threads) {
        try {
            return health.check(round, threads);
        } catch (RuntimeException | Error e) { // the other workers must be checked nevertheless
            LOG.failed("cannot check worker ", health.isolate().name(), e);
            return true;
        }
    }

    /** Ends the thread. Does not wait for its end. */
    @Override
    public void close() {
        closed = true;
        thread.wake();
    }
}
