package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.memory.HeapFacts.Holder;
import dev.corral.memory.Pressure.Step;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Which worker has to go when the heap is short: shares, limits, and workers without figures. */
class PressureSharesTest extends PressureFixture {
    @Test
    void shouldRecycleTheWorkerFurthestOverItsShareAfterACollectionOfTheWholeHeap() {
        holders.addFirst(holder(3, 300));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(condemned(1, 500, 266, false), afterFull(850));
        assertEquals(NOTHING, afterYoung(850));
    }

    /** No other worker needs the heap, and the worker would have less of it beside its replacement. */
    @Test
    void shouldLetAWorkerThatIsAloneHaveNearlyAllOfTheHeap() {
        holders.clear();
        holders.add(holder(1, 900));
        assertEquals(COLLECT, afterFull(890));
        assertEquals(Optional.of(new Step.NoneOverShare(890, 900)), afterFull(890));
        holders.set(0, holder(1, 901));
        assertEquals(condemned(1, 901, 900, false), afterFull(890));
    }

    @Test
    void shouldTouchNobodyWhoKeepsWithinTheShareAndSayThatOnce() {
        holders.set(0, holder(1, 400));
        assertEquals(COLLECT, check(850));
        assertEquals(Optional.of(new Step.NoneOverShare(850, 400)), afterFull(850));
        assertEquals(NOTHING, afterFull(850));
        assertEquals(NOTHING, afterYoung(950)); // no collection is requested, because it would free nothing
        assertEquals(NOTHING, afterFull(850));
        assertEquals(NOTHING, afterFull(700));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(Optional.of(new Step.NoneOverShare(860, 400)), afterFull(860));
    }

    @Test
    void shouldTakeOneThatPassesItsShareLater() {
        holders.set(0, holder(1, 400));
        check(850);
        afterFull(850);
        holders.set(0, holder(1, 401));
        assertEquals(NOTHING, afterYoung(850));
        assertEquals(condemned(1, 401, 400, false), afterFull(850));
    }

    @Test
    void shouldSayOnceThatThereAreNoFigures() {
        holders.replaceAll(holder -> new Holder(holder.worker(), OptionalLong.empty(), OptionalLong.empty()));
        check(850);
        assertEquals(Optional.of(new Step.NoFigures(850)), afterFull(850));
        assertEquals(NOTHING, afterFull(999));
    }

    @Test
    void shouldShareWithWorkersOfOtherClusters() {
        check(850);
        full();
        check(850);
        nowNanos += LiveBytes.SETTLING_NANOS;
        assertEquals(condemned(1, 500, 80, false),
                pressure.check(new HeapFacts(nowNanos, collections, 850, 850, 0, 0, 10, holders)));
    }

    @Test
    void shouldDoNothingWithoutWorkers() {
        holders.clear();
        check(850);
        assertEquals(NOTHING, afterFull(999));
    }

    @Test
    void shouldTakeTheWorkerFurthestOverItsOwnLimitWhateverTheSharesAreAndWithoutAnotherCollection() {
        holders.clear();
        holders.addAll(List.of(limited(1, 190, 100), limited(2, 195, 195), limited(3, 120, 100), holder(4, 199)));
        check(0);
        assertEquals(condemned(Limit.LIVE, 1, 190, 100, false), afterYoung(850));
        holders.set(0, limited(5, 0, 100));
        check(850);
        assertEquals(condemned(Limit.LIVE, 3, 120, 100, true), afterYoung(900)); // there is no time for a replacement
    }

    @Test
    void shouldHoldNobodyToLimitsWhileThereIsRoom() {
        holders.set(0, limited(1, 500, 100));
        assertEquals(NOTHING, afterFull(799));
    }
}
