package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.MemoryPolicy;
import dev.corral.memory.Pressure.Step;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The threshold, and the collection that must prove that the heap is short before a worker has to go. */
class PressureTest extends PressureFixture {
    @Test
    void shouldDoNothingBelowTheThreshold() {
        assertEquals(NOTHING, check(0));
        assertEquals(NOTHING, afterFull(799));
        assertEquals(NOTHING, afterYoung(799));
        assertEquals(COLLECT, afterYoung(800));
    }

    /** After such a collection only live objects are in use. */
    @Test
    void shouldNotWaitForAnotherWhereTheFirstOneThatLeavesTooMuchIsOfTheWholeHeap() {
        assertEquals(NOTHING, check(0));
        assertEquals(condemned(1, 500, 400, false), afterFull(800));
    }

    /** The collection may have begun before the check, but the objects that it leaves are not garbage. */
    @Test
    void shouldTakeTheEndOfAConcurrentOneForAProof() {
        check(0);
        major();
        assertEquals(NOTHING, check(850));
        assertEquals(condemned(1, 500, 400, false), settled(850));
    }

    /** A collection that began earlier leaves all objects of a worker that has ended since then. */
    @Test
    void shouldNotSayThatNobodyIsToBlameBeforeOneHasBothBegunAndEnded() {
        holders.set(0, holder(1, 400));
        check(0);
        major();
        check(850);
        assertEquals(COLLECT, settled(850));
        major();
        major(); // the first one had begun before the check
        assertEquals(NOTHING, check(850));
        assertEquals(Optional.of(new Step.NoneOverShare(850, 400)), settled(850));
    }

    /** The figures show the result of a collection only after a while. */
    @Test
    void shouldGiveFiguresTimeToSettle() {
        assertEquals(COLLECT, afterYoung(850));
        full();
        assertEquals(NOTHING, check(850));
        nowNanos += LiveBytes.SETTLING_NANOS - 1;
        assertEquals(NOTHING, check(850));
        holders.set(0, holder(1, 200));
        holders.set(1, holder(2, 500));
        nowNanos++;
        assertEquals(condemned(2, 500, 400, false), check(850));
    }

    @Test
    void shouldCondemnNobodyForGarbage() {
        assertEquals(COLLECT, afterYoung(890));
        assertEquals(NOTHING, afterFull(500));
        for (int i = 0; i < 3 * Pressure.HASTE; i++) { // below the middle of the range there is time
            assertEquals(COLLECT, afterYoung(890));
        }
    }

    @Test
    void shouldHaveTheHeapCollectedEarlyWhereThatIsDoneConcurrently() {
        assertEquals(NOTHING, check(700));
        major();
        assertEquals(COLLECT, check(700));
    }

    /** A collection that ran when the worker ended leaves most objects of that worker. */
    @Test
    void shouldTakeNoProofForAnotherThatIsOfBeforeOneHasGone() {
        major();
        check(850);
        major();
        assertEquals(NOTHING, check(850));
        assertEquals(condemned(1, 500, 400, false), settled(850));
        holders.set(0, holder(3, 0));
        holders.set(1, holder(2, 450));
        assertEquals(COLLECT_AT_ONCE, afterYoung(950));
        major(); // had begun before the end of the worker
        assertEquals(COLLECT_AT_ONCE, check(950));
        assertEquals(COLLECT_AT_ONCE, settled(950));
        major();
        assertEquals(NOTHING, check(950));
        assertEquals(condemned(2, 450, 400, false), settled(950));
    }

    @Test
    void shouldBeginAnewWhenItHasGoneForWhatItHasLeftIsGarbage() {
        check(950);
        afterFull(950);
        holders.set(0, holder(3, 0));
        holders.set(1, holder(2, 450));
        assertEquals(COLLECT_AT_ONCE, afterYoung(950));
        assertEquals(COLLECT_AT_ONCE, afterYoung(950));
        assertEquals(NOTHING, afterFull(460));
    }

    @Test
    void shouldTakeTheNextOneIfThatDoesNotHelp() {
        check(850);
        afterFull(850);
        holders.set(0, holder(3, 0));
        holders.set(1, holder(2, 450));
        assertEquals(COLLECT_AT_ONCE, afterYoung(850));
        assertEquals(condemned(2, 450, 400, false), afterFull(850));
    }

    @Test
    void shouldForgetWhomItHasCondemnedWhenThereIsRoomAgain() {
        check(850);
        afterFull(850);
        assertEquals(NOTHING, afterFull(700));
        assertEquals(COLLECT_AT_ONCE, afterYoung(950));
        assertEquals(condemned(1, 500, 400, false), afterFull(950));
    }

    @Test
    void shouldNeverActAtOne() {
        pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(1), 1000);
        assertEquals(NOTHING, check(1000));
        assertEquals(NOTHING, afterFull(1000));
    }
}
