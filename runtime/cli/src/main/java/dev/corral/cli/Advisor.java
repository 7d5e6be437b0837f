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
 * Observes the memory of a cluster's workers, on its own daemon thread. It samples rarely, because each measurement of
 * metaspace stops the JVM for a moment, and live bytes change only with collections. A worker that ends between two
 * samples reports its figures in its exit.
 */
final class Advisor {
    /** The time until the first sample. That sample requests the metaspace figures, which the second one reads. */
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Reporter reporter;
    private final Peaks peaks;
    private final long startNanos = System.nanoTime();
    private final long startCollections = collections();
    private final CountDownLatch stopped = new CountDownLatch(1);
    /** Written and read by the thread that stops the observation. */
    private Duration observed = Duration.ZERO;

    private Advisor(Cluster cluster, Reporter reporter, Peaks peaks) {
        this.cluster = cluster;
        this.reporter = reporter;
        this.peaks = peaks;
    }

    /**
     * Starts the observation.
     *
     * @param peaks the peaks, to which another thread adds the figures of exits
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
                sample(growth);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the thread ends, as it does after stop()
        }
    }

    private void sample(Growth growth) {
        sample();
        growth.check(peaks.all(), System.nanoTime()).ifPresent(reporter::message);
    }

    private void sample() {
        try {
            cluster.stats().workers().forEach(peaks::add);
        } catch (OutOfMemoryError e) {
            // a worker has filled the heap; there is memory again at the next sample
        }
    }

    /** Takes the last sample. Called while the cluster is open, by the thread that calls {@link #advice} afterwards. */
    void stop() {
        stopped.countDown();
        observed = Duration.ofNanos(System.nanoTime() - startNanos);
        sample();
    }

    /** Returns the advised limits. Called after the last exit. */
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
                : Optional.of("this JVM cannot estimate them (LIVE_BYTES: " + Capability.LIVE_BYTES.remedy() + ")");
    }

    /** Returns the number of collections of any kind that have ended in this JVM. */
    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).filter(count -> count > 0).sum();
    }
}
