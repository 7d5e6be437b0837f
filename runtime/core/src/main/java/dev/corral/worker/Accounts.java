package dev.corral.worker;

import dev.corral.carrier.Scheduler;
import dev.corral.carrier.ThreadUsage;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.LiveThreads;
import dev.corral.isolate.Metaspace;
import dev.corral.redirect.RuntimeClasses;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What one incarnation has used up. Any thread may ask, one of the program as well; no lock is taken.
 *
 * <p>Carriers are exact. Of a platform thread that has ended, what it used after the last look at it is not known; so somebody is to
 * look now and then.
 */
final class Accounts {
    private final Isolate isolate;
    private final Scheduler scheduler;
    private final Ledger<Thread> platformThreads = new Ledger<>(ThreadUsage::of);

    /** Of what runs in this isolate and on this scheduler. */
    Accounts(Isolate isolate, Scheduler scheduler) {
        this.isolate = isolate;
        this.scheduler = scheduler;
    }

    /**
     * Looks at its platform threads, so that what they have used by now is known once they have ended. Cheap.
     *
     * @param threads its platform threads, found a moment ago
     */
    void look(List<Thread> threads) {
        ofPlatformThreads(threads);
    }

    /** The one place where it is known what ended threads have used. */
    private ThreadUsage ofPlatformThreads(List<Thread> threads) {
        return platformThreads.look(threads);
    }

    /** Up to now. Looks at all threads of the JVM, and may have the JVM stop for a look at its metaspace. */
    Incarnation.Usage usage() {
        return usage(LiveThreads.platform(isolate));
    }

    /** The same, with its platform threads found a moment ago. */
    Incarnation.Usage usage(List<Thread> threads) {
        return usage(threads, Metaspace.of(isolate));
    }

    /** The same, of metaspace only what somebody has asked for before: for those who must not wait. */
    Incarnation.Usage usageWithoutAsking(List<Thread> threads) {
        return usage(threads, Metaspace.lastOf(isolate));
    }

    /** What is still reachable, as of the last collection. Cheap. */
    OptionalLong liveBytes() {
        return OptionalLong.empty();
    }

    private Incarnation.Usage usage(List<Thread> threads, OptionalLong metaspace) {
        ThreadUsage used = ofPlatformThreads(threads).plus(scheduler.usage());
        int classes = isolate.definedClasses() + isolate.redirects().get(RuntimeClasses.class).defined();
        return new Incarnation.Usage(Duration.ofNanos(used.cpuNanos()), used.allocatedBytes(), liveBytes(),
                classes, metaspace);
    }
}
