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
 * Plays, once in each JVM and while there is memory, how workers run out of it, end, and are followed by others. For what is done for the
 * first time in a full heap may never work again: a class whose initializer has run out of memory stays unusable (The Java Virtual
 * Machine Specification, 5.5), and so may a place that calls a lambda, where linking it fails (5.4.3.6). The workers have no program, and
 * nobody is told of them.
 */
final class FailurePathWarmUp {
    private static final Log LOG = Log.get();
    private static final AtomicBoolean BEGUN = new AtomicBoolean();
    private static final int WORKERS = 2;
    /** The first restart comes at once, later ones after a delay. */
    private static final int RESTARTS = 2 * WORKERS;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long TURN_NANOS = 1_000_000;

    private final Master master;

    FailurePathWarmUp(ClusterConfig config) {
        var nothing = new Nothing();
        ClusterConfig own = config.withName(config.name() + "-rehearsal").withCarriers(1)
                .withRestart(RestartPolicy.DEFAULT).withReadySignal(false).withOutput((_, _, _) -> {});
        master = new Master(nothing, own, new WarmUpIncarnations(new IsolatedIncarnations(own, nothing.parent())),
                MasterClock.SYSTEM, () -> 0);
    }

    /** On a thread of its own; any but the first call does nothing. */
    static void begin(ClusterConfig config) {
        if (!BEGUN.getAndSet(true)) {
            ServiceThreads.builder().name("corral-rehearsal").priority(Thread.MIN_PRIORITY).start(() -> {
                try {
                    new FailurePathWarmUp(config).play();
                } catch (RuntimeException | Error e) { // it is full already; or the JVM is shutting down
                    LOG.log(Level.DEBUG, "the end of a worker could not be rehearsed", e);
                }
            });
        }
    }

    /** All that a master's threads do is done by this one. */
    void play() {
        var _ = master.on(ClusterEvent.class, event -> LOG.log(Level.TRACE, "rehearsed: {0}", event));
        try {
            for (int i = 0; i < WORKERS; i++) {
                var _ = master.fork();
            }
            turnUntil(() -> master.stats().restarts() >= RESTARTS);
            var closed = new CountDownLatch(1);
            master.submit(slots -> slots.closeAll(closed::countDown));
            turnUntil(() -> closed.getCount() == 0);
        } finally {
            master.incarnations().close();
        }
    }

    Master master() {
        return master;
    }

    private void turnUntil(BooleanSupplier done) {
        long startNanos = master.nanos();
        while (!done.getAsBoolean() && master.nanos() - startNanos < LONGEST.toNanos()) {
            try {
                master.loop().turn();
                boolean _ = master.events().deliverAll();
            } catch (OutOfMemoryError e) { // so it is too late for a rehearsal, but not for its end
                Retry.pause();
            }
            LockSupport.parkNanos(TURN_NANOS);
        }
    }

    /** No program. */
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
