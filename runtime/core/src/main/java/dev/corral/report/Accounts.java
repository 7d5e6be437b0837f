package dev.corral.report;

import dev.corral.ExitReason.OverMemory.AllocatedAt;
import dev.corral.ExitReason.OverMemory.Kept;
import dev.corral.WorkerStats.Memory;
import dev.corral.carrier.Scheduler;
import dev.corral.carrier.ThreadUsage;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.Metaspace;
import dev.corral.memory.FlightRecordings;
import dev.corral.memory.Holdings;
import dev.corral.memory.LiveBytes;
import dev.corral.redirect.code.RuntimeClasses;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The resources that one incarnation has used. Takes no lock. Any thread may ask, also a thread of the program.
 *
 * <p>The figures of carriers are exact. If this JVM does not report the usage of ended threads, what a platform thread
 * used after the last call of {@link #check} is lost. So {@code check} is called regularly.
 */
public final class Accounts {
    private static final int MOST_TYPES = 20;
    private static final int MOST_STACKS = 10;
    private static final Duration RECORDED = Duration.ofMinutes(1);

    private final Isolate isolate;
    private final Scheduler scheduler;
    /** Whether no caller may wait for figures any more. Set once, by the thread that ends the incarnation. */
    private volatile boolean hurried;
    private final Ledger<Thread> platformThreads = new Ledger<>(ThreadUsage::of);

    private final @Nullable Holdings holdings;

    /**
     * Opens the accounts of an isolate and its scheduler, before either has begun to run.
     *
     * @param liveBytes whether live bytes are estimated
     */
    public Accounts(Isolate isolate, Scheduler scheduler, boolean liveBytes) {
        this.isolate = isolate;
        this.scheduler = scheduler;
        this.holdings = LiveBytes.open(liveBytes, scheduler, Scheduler::threads, isolate.group());
    }

    /**
     * Reads the usage of its platform threads, so that it is known after they have ended. Cheap.
     *
     * @param threads its platform threads, found a moment ago
     */
    public void check(List<Thread> threads) {
        ofPlatformThreads(threads);
    }

    private ThreadUsage ofPlatformThreads(List<Thread> threads) {
        return platformThreads.update(threads, holdings == null || !holdings.knowsEnded() ? null
                : new ThreadUsage(holdings.cpuNanosOfEnded(), holdings.allocatedByEnded()));
    }

    /** Marks the incarnation as about to end: figures that take time to find out keep their last values from now on. */
    public void hurry() {
        hurried = true;
    }

    /**
     * Returns the usage up to now. May stop the JVM for a moment, to measure the metaspace.
     *
     * @param threads its platform threads, found a moment ago
     */
    public WorkerFigures.Usage usage(List<Thread> threads) {
        return usage(threads, hurried ? Metaspace.lastOf(isolate) : Metaspace.of(isolate));
    }

    /** Returns the usage up to now, with the metaspace that was measured last. For callers that must not wait. */
    public WorkerFigures.Usage usageWithoutAsking(List<Thread> threads) {
        return usage(threads, Metaspace.lastOf(isolate));
    }

    /** Returns the bytes that are still reachable, as of the last collection. Cheap. */
    public OptionalLong liveBytes() {
        return holdings == null ? OptionalLong.empty() : holdings.liveBytes();
    }

    /** Returns the types that take most of the reachable bytes, the largest first. Reads all samples of the JVM. */
    public List<Kept> kept() {
        return holdings == null ? List.of() : holdings.kept(MOST_TYPES);
    }

    /**
     * Returns the places where it allocates most, if a flight recording is running. Takes a second or more in that
     * case.
     */
    public List<AllocatedAt> allocatedAt() throws IOException {
        return FlightRecordings.allocations(isolate.name(), RECORDED, MOST_STACKS);
    }

    /** Returns the bytes that are not known to be dead. Cheap; allocates no memory. */
    public long heldBytes() {
        return holdings == null ? 0 : holdings.heldBytes();
    }

    /** Returns the bytes that no collection has examined yet. Cheap. */
    public long unseenBytes() {
        return holdings == null ? 0 : holdings.unseenBytes();
    }

    private WorkerFigures.Usage usage(List<Thread> threads, OptionalLong metaspace) {
        ThreadUsage used = ofPlatformThreads(threads).plus(scheduler.usage());
        int classes = isolate.definedClasses() + isolate.redirects().get(RuntimeClasses.class).defined();
        return new WorkerFigures.Usage(Duration.ofNanos(used.cpuNanos()),
                new Memory(used.allocatedBytes(), liveBytes(), classes, metaspace));
    }
}
