package dev.corral.memory;

import dev.corral.ExitReason.OverMemory;
import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.MemoryPolicy;
import dev.corral.memory.CollectionRequests.Haste;
import dev.corral.memory.HeapFacts.Holder;
import dev.corral.memory.Pressure.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A heap of 1000 bytes with two workers. The threshold is at 800 bytes. The middle between the threshold and the full
 * heap is at 900 bytes. The fair share of each worker is 400 bytes.
 */
abstract class PressureFixture {
    static final Optional<Step> NOTHING = Optional.empty();
    static final Optional<Step> COLLECT = Optional.of(new Step.Collect(Haste.NONE));
    static final Optional<Step> COLLECT_SOON = Optional.of(new Step.Collect(Haste.URGENT));
    static final Optional<Step> COLLECT_AT_ONCE = Optional.of(new Step.Collect(Haste.AT_ONCE));
    static final long PATIENCE_NANOS = Duration.ofSeconds(1).multipliedBy(Pressure.PATIENCE).toNanos();

    final List<Holder> holders = new ArrayList<>(List.of(holder(1, 500), holder(2, 300)));
    Pressure pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(0.8), 1000);
    CollectionCounts collections = new CollectionCounts(10, 1, 0, 2, 0);
    long nowNanos = Long.MAX_VALUE - 7;
    long collectingNanos = Long.MAX_VALUE / 2;

    static Holder holder(long worker, long live) {
        return new Holder(worker, OptionalLong.of(live), OptionalLong.empty());
    }

    static Holder limited(long worker, long live, long limit) {
        return new Holder(worker, OptionalLong.of(live), OptionalLong.of(limit));
    }

    void young() {
        count(0, 0);
    }

    void full() {
        count(1, 0);
    }

    void major() {
        count(0, 1);
    }

    void count(int full, int majors) {
        collections =
                new CollectionCounts(collections.all() + 1, collections.full() + full, collections.majors() + majors,
                        collections.marks(), 0);
    }

    Optional<Step> check(long used) {
        return pressure.check(
                new HeapFacts(nowNanos, collections, used, used, 0, collectingNanos, holders.size(), holders));
    }

    Optional<Step> afterYoung(long used) {
        young();
        return check(used);
    }

    Optional<Step> afterFull(long used) {
        full();
        check(used);
        return settled(used);
    }

    Optional<Step> settled(long used) {
        nowNanos += LiveBytes.SETTLING_NANOS;
        return check(used);
    }

    static Optional<Step> condemned(long worker, long live, long share, boolean now) {
        return condemned(Limit.FAIR_SHARE, worker, live, share, now);
    }

    static Optional<Step> condemned(Limit limit, long worker, long live, long share, boolean now) {
        return Optional.of(new Step.Condemn(worker, new OverMemory(limit, live, share), now));
    }

    /** Runs full collections, one after another, for a whole window of time. */
    Optional<Step> standingStill(long used) {
        Optional<Step> step = NOTHING;
        for (int i = 0; i < 10 && !(step.orElse(null) instanceof Step.Condemn); i++) {
            nowNanos += Standstill.WINDOW_NANOS / 5;
            collectingNanos += Standstill.WINDOW_NANOS / 6;
            full();
            step = check(used);
        }
        return step;
    }

    Optional<Step> check(long used, long old) {
        return pressure.check(new HeapFacts(nowNanos, collections, used, used, old, collectingNanos, holders.size(),
                holders));
    }
}
