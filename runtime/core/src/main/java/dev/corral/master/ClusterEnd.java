package dev.corral.master;

import dev.corral.ClusterConfig;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The two moments in the end of a cluster that threads wait for: no worker is left, and the master's threads have
 * ended. Thread-safe.
 */
final class ClusterEnd {
    private static final Log LOG = Log.get();
    /** How much longer than its deadline each wait lasts: threads have to be scheduled, and class loaders released. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    /** How many of the workers that have not ended are logged. */
    private static final int SHOWN_WORKERS = 10;

    private final ClusterConfig config;
    private final Registry registry;
    private final CountDownLatch emptied = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    ClusterEnd(ClusterConfig config, Registry registry) {
        this.config = config;
        this.registry = registry;
    }

    /** Notes that no worker is left; called by the master's thread if there is one. */
    void emptied() {
        emptied.countDown();
    }

    /** Notes that the threads of the master have ended; called by the first thread that closes the cluster. */
    void ended() {
        ended.countDown();
    }

    /**
     * Waits until no worker is left. Logs the workers that are left when the deadline has passed.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void awaitEmptied(Duration deadline) throws InterruptedException {
        await(emptied, deadline);
    }

    /** Waits until no worker is left, even if the thread is interrupted, and returns whether it was. */
    boolean awaitEmptiedUninterruptibly(Duration deadline) {
        return awaitUninterruptibly(emptied, deadline);
    }

    /**
     * Waits until the threads of the master have ended, even if the thread is interrupted, and returns whether it was.
     */
    boolean awaitEndedUninterruptibly(Duration deadline) {
        return awaitUninterruptibly(ended, deadline);
    }

    private boolean awaitUninterruptibly(CountDownLatch latch, Duration deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                await(latch, deadline);
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private void await(CountDownLatch latch, Duration deadline) throws InterruptedException {
        if (!latch.await(deadline.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
            List<WorkerHandle> left = List.copyOf(registry.live());
            LOG.log(Level.ERROR, "cluster {0} was closed, but {1} workers have not ended, among them {2}",
                    config.name(), left.size(), left.stream().limit(SHOWN_WORKERS).toList());
        }
    }
}
