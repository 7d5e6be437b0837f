package dev.corral.cli;

import dev.corral.Capability;
import dev.corral.Cluster;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Observes what the workers of a cluster take, on a daemon thread of its own. Rarely: each look at metaspace stops the JVM for a moment, and
 * live bytes change with collections only. What workers have taken that ended between two looks is in their exits.
 */
final class Advisor {
    /** So that metaspace, which the first look only has found out, is known at the next. */
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Reporter reporter;
    private final Peaks peaks;
    private final long startNanos = System.nanoTime();
    private final long startCollections = collections();
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Owned by the thread that stops it. */
    private Duration observed = Duration.ZERO;

    private Advisor(Cluster cluster, Reporter reporter, Peaks peaks) {
        this.cluster = cluster;
        this.reporter = reporter;
        this.peaks = peaks;
    }

    /**
     * Begins.
     *
     * @param peaks to which somebody else adds what exits tell
     */
    static Advisor start(Cluster cluster, Reporter reporter, Peaks peaks) {
        var advisor = new Advisor(cluster, reporter, peaks);
        Thread.ofPlatform().daemon().name("corral-advisor").start(advisor::run);
        return advisor;
    }

    private void run() {
        var growth = new Growth(startNanos);
        try {
            for (Duration wait = FIRST; !stopped.await(wait.toNanos(), TimeUnit.NANOSECONDS); wait = PERIOD) {
                look(growth);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it ends, as it would when stopped
        }
    }

    private void look(Growth growth) {
        look();
        growth.look(peaks.all(), System.nanoTime()).ifPresent(reporter::message);
    }

    private void look() {
        try {
            cluster.stats().workers().forEach(peaks::see);
        } catch (OutOfMemoryError e) {
            // a worker has filled the heap; at the next look there is more
        }
    }

    /** Looks a last time. To be called while the cluster is open, by the thread that calls {@link #advice} then. */
    void stop() {
        stopped.countDown();
        observed = Duration.ofNanos(System.nanoTime() - startNanos);
        look();
    }

    /** What to set. To be called after the last exit. */
    Advice advice() {
        return Advice.of(peaks.all(), new Advice.Facts(observed, collections() - startCollections,
                cluster.stats().memoryRecycles(), cluster.config().memory().heapPressure(),
                Runtime.getRuntime().maxMemory(), whyNotLive()));
    }

    private Optional<String> whyNotLive() {
        if (!cluster.config().liveBytes()) {
            return Optional.of("--no-live-bytes is given");
        }
        return Cluster.capabilities().contains(Capability.LIVE_BYTES) ? Optional.empty()
                : Optional.of("this JVM cannot know them (LIVE_BYTES: " + Capability.LIVE_BYTES.remedy() + ")");
    }

    /** Those that have ended in this JVM, of any kind. */
    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).filter(count -> count > 0).sum();
    }
}
