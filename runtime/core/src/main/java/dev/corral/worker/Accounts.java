package dev.corral.worker;

import dev.corral.carrier.Scheduler;
import dev.corral.carrier.ThreadUsage;
import dev.corral.isolate.Isolate;
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
    /** Set once, by whoever ends it. */
    private volatile boolean hurried;
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

    /** From now on nobody is to wait for its figures: it is about to end. What it would take time to find out stays as it is known. */
    void hurry() {
        hurried = true;
    }

    /**
     * Up to now. May have the JVM stop for a moment, for a look at its metaspace.
     *
     * @param threads its platform threads, found a moment ago
     */
    Incarnation.Usage usage(List<Thread> threads) {
        ThreadUsage used = ofPlatformThreads(threads).plus(scheduler.usage());
        int classes = isolate.definedClasses() + isolate.redirects().get(RuntimeClasses.class).defined();
        OptionalLong metaspace = hurried ? Metaspace.lastOf(isolate) : Metaspace.of(isolate);
        return new Incarnation.Usage(Duration.ofNanos(used.cpuNanos()), used.allocatedBytes(), OptionalLong.empty(),
                classes, metaspace);
    }
}
