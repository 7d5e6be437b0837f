package dev.corral.testing;

import dev.corral.testing.LoadResult.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What came of requests until now. Written by the clients' thread; the two counters are read by any. */
final class LoadTally {
    final AtomicLong answered = new AtomicLong();
    final AtomicLong failed = new AtomicLong();

    private final long startNanos = System.nanoTime();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Integer> intervals = new ArrayList<>();
    private long sent;
    private long reconnected;

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    void sent() {
        sent++;
    }

    /** The server had closed the connection before there was a request on it. */
    void reconnected() {
        reconnected++;
    }

    void answered() {
        int interval = (int) (elapsed().toNanos() / ClosedLoop.INTERVAL.toNanos());
        while (intervals.size() <= interval) {
            intervals.add(0);
        }
        intervals.set(interval, intervals.get(interval) + 1);
        answered.incrementAndGet();
    }

    void failed(Failure failure) {
        failures.add(failure);
        failed.incrementAndGet();
    }

    LoadResult result() {
        return new LoadResult(sent, answered.get(), reconnected, failures, intervals);
    }
}
