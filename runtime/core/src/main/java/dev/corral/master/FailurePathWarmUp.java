package dev.corral.master;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Inspection;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.thread.Retry;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import dev.corral.worker.IsolatedIncarnations;
import dev.corral.worker.WarmUpIncarnations;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The warm-up of the failure path: once in each JVM, while there is memory, workers run out of memory, end, and are
 * followed by others. Code that runs for the first time in a full heap may never work again. A class whose initialiser
 * has run out of memory stays unusable (The Java Virtual Machine Specification, 5.5), and so does a call site whose
 * linking has failed (5.4.3.6). The workers of the warm-up have no program, and appear in no event of the real cluster.
 */
final class FailurePathWarmUp {
    private static final Log LOG = Log.get();
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final int WORKERS = 2;
    /** How many restarts are played: the first of a worker takes place at once, the next one after a delay. */
    private static final int RESTARTS = 2 * WORKERS;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long TURN_NANOS = 1_000_000;

    /** The master of the warm-up's own cluster. Its threads are never started. */
    private final Master master;

    FailurePathWarmUp(ClusterConfig config) {
        var nothing = new Nothing();
        ClusterConfig own = config.withName(config.name() + "-rehearsal").withCarriers(1)
                .withRestart(RestartPolicy.DEFAULT).withReadySignal(false).withOutput((_, _, _) -> {});
        master = new Master(nothing, own, new WarmUpIncarnations(new IsolatedIncarnations(own, nothing.parent())),
                MasterClock.SYSTEM, () -> 0);
    }

    /** Starts the warm-up on its own thread. Only the first call in a JVM has an effect. */
    static void begin(ClusterConfig config) {
        if (!BEGUN.getAndSet(true)) {
            ServiceThreads.builder().name("corral-rehearsal").priority(Thread.MIN_PRIORITY).start(() -> {
                try {
                    new FailurePathWarmUp(config).play();
                } catch (RuntimeException | Error e) { // the heap is full already, or the JVM is shutting down
                    LOG.log(Level.DEBUG, "the end of a worker could not be rehearsed", e);
                }
            });
        }
    }

    /** Plays the warm-up. The calling thread does the work of the master's thread and of the event thread. */
    void play() {
        var _ = master.on(ClusterEvent.class, event -> LOG.event(Level.TRACE, "rehearsed: " + event));
        try {
            for (int i = 0; i < WORKERS; i++) {
                var _ = master.fork();
            }
            turnUntil(() -> master.stats().restarts() >= RESTARTS);
            var closed = new CountDownLatch(1);
            master.submit(slots -> slots.closeAll(closed::countDown));
            turnUntil(() -> closed.getCount() == 0);
        } finally {
            master.services().incarnations().close();
        }
    }

    Master master() {
        return master;
    }

    private void turnUntil(BooleanSupplier done) {
        long startNanos = master.services().clock().nanos();
        while (!done.getAsBoolean() && master.services().clock().nanos() - startNanos < LONGEST.toNanos()) {
            try {
                master.services().loop().turn();
                boolean _ = master.services().events().deliverAll();
            } catch (OutOfMemoryError e) { // it is too late for a warm-up, but it must end
                Retry.pause();
            }
            LockSupport.parkNanos(TURN_NANOS);
        }
    }

    /** The program of workers that run none. */
    private record Nothing() implements Program {
        @Override
        public Program withShared(String... packages) {
            return this;
        }

        @Override
        public Program again() {
            return this;
        }

        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public String fingerprint() {
            return "";
        }

        @Override
        public Inspection inspect() {
            throw new UnsupportedOperationException("there is nothing to be inspected");
        }

        @Override
        public String mainClass() {
            return "";
        }

        @Override
        public boolean isWorkerMain() {
            return false;
        }

        @Override
        public List<String> args() {
            return List.of();
        }

        @Override
        public List<Entry> classPath() {
            return List.of();
        }

        @Override
        public Set<String> shared() {
            return Set.of();
        }

        @Override
        public ClassLoader parent() {
            return FailurePathWarmUp.class.getClassLoader();
        }
    }
}
