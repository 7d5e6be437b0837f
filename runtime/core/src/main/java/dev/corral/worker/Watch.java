package dev.corral.worker;

import dev.corral.HeartbeatPolicy;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.LiveThreads;
import dev.corral.queue.Failures;
import dev.corral.queue.Log;
import dev.corral.queue.ServiceThreads;
import dev.corral.watchdog.Round;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all workers of one cluster, once in each interval, on a thread of its own: the stack of a thread that does not come to a
 * safepoint keeps whoever wants to see it waiting, and the master waits for nobody.
 */
final class Watch implements AutoCloseable {
    private static final Log LOG = Log.get();

    private final String cluster;
    private final HeartbeatPolicy policy;
    private final CollectorStops collections = new CollectorStops();
    /** Added by the master's thread; taken out by it and by the watchdog's. */
    private final Set<Vitals> watched = ConcurrentHashMap.newKeySet();
    /** Owned by the master's thread: null before the first worker is watched. */
    private @Nullable Thread thread;
    private volatile boolean closed;

    Watch(String cluster, HeartbeatPolicy policy) {
        this.cluster = cluster;
        this.policy = policy;
    }

    /** Whether a debugger may attach to this JVM. */
    static boolean isUnderDebugger() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(argument -> argument.contains("jdwp"));
    }

    /** Whether anybody is watched at all. */
    boolean isOn() {
        return policy.isOn() && (policy.underDebugger() || !isUnderDebugger());
    }

    HeartbeatPolicy policy() {
        return policy;
    }

    /** On the master's thread. */
    void add(Vitals vitals) {
        if (thread == null) {
            thread = ServiceThreads.builder().name("corral-" + cluster + "-watchdog")
                    .start(Failures.insisting(LOG, "the watchdog goes on after a failure", this::run));
        }
        watched.add(vitals);
    }

    void remove(Vitals vitals) {
        watched.remove(vitals);
    }

    private void run() {
        long interval = policy.interval().toNanos();
        long last = System.nanoTime();
        while (!closed) {
            awaitUntil(last + interval);
            long now = System.nanoTime();
            try {
                lookAtAll(Round.after(last, now, collections.stoppedNanos(), interval));
            } catch (RuntimeException | Error e) { // the next round comes all the same
                Failures.tell(LOG, "the watchdog goes on after a failure: ", cluster, e);
            }
            last = now;
        }
    }

    private void awaitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0 && !closed; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private void lookAtAll(Round round) {
        if (watched.isEmpty()) {
            return;
        }
        Map<Isolate, List<Thread>> threads = LiveThreads.platform();
        watched.removeIf(vitals -> !look(vitals, round, threads.getOrDefault(vitals.isolate(), List.of())));
    }

    /** False if it is to be watched no more. */
    private static boolean look(Vitals vitals, Round round, List<Thread> threads) {
        try {
            return vitals.look(round, threads);
        } catch (RuntimeException | Error e) { // the others are to be watched all the same
            Failures.tell(LOG, "watching ", vitals.isolate().name(), e);
            return true;
        }
    }

    /** Ends the thread. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
