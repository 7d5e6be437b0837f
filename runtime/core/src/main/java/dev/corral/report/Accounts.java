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
 * What one incarnation has used up. Any thread may ask, one of the program as well; no lock is taken.
 *
 * <p>Carriers are exact. Of a platform thread that has ended, where this JVM does not tell, what it used after the last look at it is
 * not known; so somebody is to look now and then.
 */
public final class Accounts {
    private static final int MOST_TYPES = 20;
    private static final int MOST_STACKS = 10;
    private static final Duration RECORDED = Duration.ofMinutes(1);

    private final Isolate isolate;
    private final Scheduler scheduler;
    /** Set once, by whoever ends it. */
    private volatile boolean hurried;
    private final Ledger<Thread> platformThreads = new Ledger<>(ThreadUsage::of);

    private final @Nullable Holdings holdings;

    /**
     * Of what runs in this isolate and on this scheduler, and has not begun yet.
     *
     * @param liveBytes whether they are wanted
     */
    public Accounts(Isolate isolate, Scheduler scheduler, boolean liveBytes) {
        this.isolate = isolate;
        this.scheduler = scheduler;
        this.holdings = LiveBytes.open(liveBytes, scheduler, isolate.group());
    }

    /**
     * Looks at its platform threads, so that what they have used by now is known once they have ended. Cheap.
     *
     * @param threads its platform threads, found a moment ago
     */
    public void look(List<Thread> threads) {
        ofPlatformThreads(threads);
    }

    private ThreadUsage ofPlatformThreads(List<Thread> threads) {
        return platformThreads.look(threads, holdings == null || !holdings.knowsEnded() ? null
                : new ThreadUsage(holdings.cpuNanosOfEnded(), holdings.allocatedByEnded()));
    }

    /** From now on nobody is to wait for its figures: it is about to end. What it would take time to find out stays as it is known. */
    public void hurry() {
        hurried = true;
    }

    /**
     * Up to now. May have the JVM stop for a moment, for a look at its metaspace.
     *
     * @param threads its platform threads, found a moment ago
     */
    public WorkerFigures.Usage usage(List<Thread> threads) {
        return usage(threads, hurried ? Metaspace.lastOf(isolate) : Metaspace.of(isolate));
    }

    /** The same, of metaspace only what somebody has asked for before: for those who must not wait. */
    public WorkerFigures.Usage usageWithoutAsking(List<Thread> threads) {
        return usage(threads, Metaspace.lastOf(isolate));
    }

    /** What is still reachable, as of the last collection. Cheap. */
    public OptionalLong liveBytes() {
        return holdings == null ? OptionalLong.empty() : holdings.liveBytes();
    }

    /** The types that take most of what is still reachable, the largest first. Looks at all samples of the JVM. */
    public List<Kept> kept() {
        return holdings == null ? List.of() : holdings.kept(MOST_TYPES);
    }

    /** Where it allocates most, if a flight recording tells. Takes a second or more, then. */
    public List<AllocatedAt> allocatedAt() throws IOException {
        return FlightRecordings.allocations(isolate.name(), RECORDED, MOST_STACKS);
    }

    /** What is not known to be dead. Cheap, and takes no memory. */
    public long heldBytes() {
        return holdings == null ? 0 : holdings.heldBytes();
    }

    /** What no collection has looked at yet. Cheap. */
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
