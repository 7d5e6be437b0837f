package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.memory.Pressure.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A heap that fills up before a collection or a replacement has ended: whom the guard kills, and when. */
class PressureHasteTest extends PressureFixture {
    @Test
    void shouldNotWaitForTheWholeHeapWhereThereIsNoTime() {
        assertEquals(COLLECT_SOON, afterYoung(900));
        for (int i = 1; i < Pressure.HASTE; i++) {
            assertEquals(COLLECT_SOON, check(900)); // checks between two collections show nothing new
            assertEquals(COLLECT_SOON, afterYoung(900));
        }
        assertEquals(condemned(1, 500, 400, false), afterYoung(900));
    }

    /** The next collection of the whole heap may end too late. */
    @Test
    void shouldNotWaitForAnyWhereThatIsDoneConcurrently() {
        major();
        assertEquals(NOTHING, check(0));
        assertEquals(COLLECT, afterYoung(899));
        assertEquals(condemned(1, 500, 400, false), afterYoung(900));
        assertEquals(condemned(1, 500, 400, true), afterYoung(910));
    }

    /** A replacement would need time and memory. */
    @Test
    void shouldKillAtOnceWhereThereIsNoTimeAndHalfOfTheHeapIsItsOwn() {
        holders.set(0, holder(1, 501));
        major();
        assertEquals(condemned(1, 501, 400, true), check(900));
        assertEquals(NOTHING, afterYoung(910));
    }

    @Test
    void shouldBlameNobodyInHaste() {
        holders.set(0, holder(1, 400));
        major();
        assertEquals(COLLECT_SOON, check(900));
        for (int i = 1; i < Pressure.HASTE; i++) {
            assertEquals(COLLECT_SOON, afterYoung(900));
        }
        assertEquals(Optional.of(new Step.NoneOverShare(900, 400)), afterYoung(900));
    }

    @Test
    void shouldKillItWhenTheHeapFillsUpBeforeItHasGone() {
        check(850);
        assertEquals(condemned(1, 500, 400, false), afterFull(890));
        assertEquals(NOTHING, afterYoung(899));
        holders.set(0, holder(1, 600));
        assertEquals(condemned(1, 600, 400, true), afterYoung(900));
        assertEquals(NOTHING, afterYoung(950));
    }

    /** The figure that led to the recycling does not lead to the kill as well. */
    @Test
    void shouldKillItOnlyAfterALaterCollection() {
        check(950);
        assertEquals(condemned(1, 500, 400, false), afterFull(950));
        assertEquals(NOTHING, check(950));
        assertEquals(condemned(1, 500, 400, true), afterYoung(950));
    }

    @Test
    void shouldKillItWhenItsRecyclingTakesTooLong() {
        check(850);
        assertEquals(condemned(1, 500, 400, false), afterFull(850));
        nowNanos += PATIENCE_NANOS - 1;
        assertEquals(NOTHING, check(850));
        nowNanos++;
        assertEquals(condemned(1, 500, 400, true), check(850));
        nowNanos += PATIENCE_NANOS - 1;
        assertEquals(NOTHING, check(850));
        nowNanos++;
        assertEquals(condemned(1, 500, 400, true), check(850));
    }

    /** Checks, every half window, a heap that fills up between collections. Returns the first step. */
    private Optional<Step> filling(long fromOld, long eachLook) {
        Optional<Step> step = NOTHING;
        for (long old = fromOld; old <= 900 && step.isEmpty(); old += eachLook) {
            nowNanos += Rush.WINDOW_NANOS / 2;
            step = pressure.check(new HeapFacts(nowNanos, collections, 100, old, old, collectingNanos,
                    holders.size(), holders));
        }
        return step;
    }

    @Test
    void shouldHaveTheHeapCollectedAndThenTheLargestKilledWhereItWillBeFullInAMoment() {
        holders.set(0, holder(1, 310));
        assertEquals(COLLECT_SOON, filling(450, 40));
        full();
        assertEquals(condemned(Limit.FULL_HEAP, 1, 310, 400, true), filling(550, 40));
    }

    @Test
    void shouldKillTheOneOverItsLimitAtOnceWhereTheHeapWillBeFullInAMoment() {
        holders.set(1, limited(2, 150, 100));
        assertEquals(condemned(Limit.LIVE, 2, 150, 100, true), filling(450, 40));
    }

    @Test
    void shouldKillNobodyWhereItIsGarbageThatFillsTheHeap() {
        for (int i = 0; i < 10; i++) {
            assertEquals(COLLECT_SOON, filling(100, 40));
            full();
        }
    }

    @Test
    void shouldDoNothingWhereTheHeapFillsUpSlowly() {
        assertEquals(NOTHING, filling(450, 1));
    }
}
