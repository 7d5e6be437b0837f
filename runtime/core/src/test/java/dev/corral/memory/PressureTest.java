package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.memory.CollectionRequests.Haste;
import dev.corral.memory.HeapFacts.Holder;
import dev.corral.memory.Pressure.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * A heap of 1000 bytes, of which from 800 on somebody has to go; 900 is the middle. Of two workers each has a share of
 * 400.
 */
class PressureTest {
    private static final Optional<Step> NOTHING = Optional.empty();
    private static final Optional<Step> COLLECT = Optional.of(new Step.Collect(Haste.NONE));
    private static final Optional<Step> COLLECT_SOON = Optional.of(new Step.Collect(Haste.URGENT));
    private static final Optional<Step> COLLECT_AT_ONCE = Optional.of(new Step.Collect(Haste.AT_ONCE));
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).multipliedBy(Pressure.PATIENCE).toNanos();

    private final List<Holder> holders = new ArrayList<>(List.of(holder(1, 500), holder(2, 300)));
    private Pressure pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(0.8), 1000);
    private CollectionCounts collections = new CollectionCounts(10, 1, 0, 2, 0);
    private long nowNanos = Long.MAX_VALUE - 7;
    private long collectingNanos = Long.MAX_VALUE / 2;

    private static Holder holder(long worker, long live) {
        return new Holder(worker, OptionalLong.of(live), OptionalLong.empty());
    }

    private static Holder limited(long worker, long live, long limit) {
        return new Holder(worker, OptionalLong.of(live), OptionalLong.of(limit));
    }

    private void young() {
        count(0, 0);
    }

    private void full() {
        count(1, 0);
    }

    private void major() {
        count(0, 1);
    }

    private void count(int full, int majors) {
        collections =
                new CollectionCounts(collections.all() + 1, collections.full() + full, collections.majors() + majors,
                        collections.marks(), 0);
    }

    private Optional<Step> check(long used) {
        return pressure.check(
                new HeapFacts(nowNanos, collections, used, used, 0, collectingNanos, holders.size(), holders));
    }

    private Optional<Step> afterYoung(long used) {
        young();
        return check(used);
    }

    private Optional<Step> afterFull(long used) {
        full();
        check(used);
        return settled(used);
    }

    private Optional<Step> settled(long used) {
        nowNanos += LiveBytes.SETTLING_NANOS;
        return check(used);
    }

    private static Optional<Step> condemned(long worker, long live, long share, boolean now) {
        return condemned(Limit.FAIR_SHARE, worker, live, share, now);
    }

    private static Optional<Step> condemned(Limit limit, long worker, long live, long share, boolean now) {
        return Optional.of(new Step.Condemn(worker, new OverMemory(limit, live, share), now));
    }

    /** One full collection after another, for a whole window of time. */
    private Optional<Step> standingStill(long used) {
        Optional<Step> step = NOTHING;
        for (int i = 0; i < 10 && !(step.orElse(null) instanceof Step.Condemn); i++) {
            nowNanos += Standstill.WINDOW_NANOS / 5;
            collectingNanos += Standstill.WINDOW_NANOS / 6;
            full();
            step = check(used);
        }
        return step;
    }

    @Test
    void shouldDoNothingBelowTheThreshold() {
        assertEquals(NOTHING, check(0));
        assertEquals(NOTHING, afterFull(799));
        assertEquals(NOTHING, afterYoung(799));
        assertEquals(COLLECT, afterYoung(800));
    }

    /** Nothing but what is live can be in use then. */
    @Test
    void shouldNotWaitForAnotherWhereTheFirstOneThatLeavesTooMuchIsOfTheWholeHeap() {
        assertEquals(NOTHING, check(0));
        assertEquals(condemned(1, 500, 400, false), afterFull(800));
    }

    /** It may have begun before there was any suspicion, but what it leaves is not garbage. */
    @Test
    void shouldTakeTheEndOfAConcurrentOneForAProof() {
        check(0);
        major();
        assertEquals(NOTHING, check(850));
        assertEquals(condemned(1, 500, 400, false), settled(850));
    }

    /** When it comes to naming somebody: of one who has gone meanwhile it has left everything. */
    @Test
    void shouldNotSayThatNobodyIsToBlameBeforeOneHasBothBegunAndEnded() {
        holders.set(0, holder(1, 400));
        check(0);
        major();
        check(850);
        assertEquals(COLLECT, settled(850));
        major();
        major(); // the first of them was under way
        assertEquals(NOTHING, check(850));
        assertEquals(Optional.of(new Step.NoneOverShare(850, 400)), settled(850));
    }

    /** What the collection has found dead is not known at once. */
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
    void shouldRecycleTheWorkerFurthestOverItsShareAfterACollectionOfTheWholeHeap() {
        holders.addFirst(holder(3, 300));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(condemned(1, 500, 266, false), afterFull(850));
        assertEquals(NOTHING, afterYoung(850));
    }

    /** Beside its replacement it would have less, and nobody else needs the heap. */
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
    void shouldCondemnNobodyForGarbage() {
        assertEquals(COLLECT, afterYoung(890));
        assertEquals(NOTHING, afterFull(500));
        for (int i = 0; i < 3 * Pressure.HASTE; i++) { // below the middle there is time
            assertEquals(COLLECT, afterYoung(890));
        }
    }

    @Test
    void shouldNotWaitForTheWholeHeapWhereThereIsNoTime() {
        assertEquals(COLLECT_SOON, afterYoung(900));
        for (int i = 1; i < Pressure.HASTE; i++) {
            assertEquals(COLLECT_SOON, check(900)); // looks without a collection tell nothing
            assertEquals(COLLECT_SOON, afterYoung(900));
        }
        assertEquals(condemned(1, 500, 400, false), afterYoung(900));
    }

    /** The next one of the whole heap may end too late. */
    @Test
    void shouldNotWaitForAnyWhereThatIsDoneConcurrently() {
        major();
        assertEquals(NOTHING, check(0));
        assertEquals(COLLECT, afterYoung(899));
        assertEquals(condemned(1, 500, 400, false), afterYoung(900));
        assertEquals(condemned(1, 500, 400, true), afterYoung(910));
    }

    /** A replacement would take long, and memory, too. */
    @Test
    void shouldKillAtOnceWhereThereIsNoTimeAndHalfOfTheHeapIsItsOwn() {
        holders.set(0, holder(1, 501));
        major();
        assertEquals(condemned(1, 501, 400, true), check(900));
        assertEquals(NOTHING, afterYoung(910));
    }

    @Test
    void shouldHaveTheHeapCollectedEarlyWhereThatIsDoneConcurrently() {
        assertEquals(NOTHING, check(700));
        major();
        assertEquals(COLLECT, check(700));
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

    /** What a collection leaves that was under way then is what the one who has gone has left, for the most part. */
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
        major(); // was under way
        assertEquals(COLLECT_AT_ONCE, check(950));
        assertEquals(COLLECT_AT_ONCE, settled(950));
        major();
        assertEquals(NOTHING, check(950));
        assertEquals(condemned(2, 450, 400, false), settled(950));
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

    /** The figure that had it recycled does not have it killed as well. */
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
    void shouldTouchNobodyWhoKeepsWithinTheShareAndSayThatOnce() {
        holders.set(0, holder(1, 400));
        assertEquals(COLLECT, check(850));
        assertEquals(Optional.of(new Step.NoneOverShare(850, 400)), afterFull(850));
        assertEquals(NOTHING, afterFull(850));
        assertEquals(NOTHING, afterYoung(950)); // nor is a collection asked for, which would come to nothing again and again
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
    void shouldNeverActAtOne() {
        pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(1), 1000);
        assertEquals(NOTHING, check(1000));
        assertEquals(NOTHING, afterFull(1000));
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

    @Test
    void shouldKillTheLargestWhereCollectionsTakeMostOfTheTime() {
        holders.set(0, holder(1, 310));
        check(0);
        assertEquals(condemned(Limit.FULL_HEAP, 1, 310, 400, true), standingStill(950));
        holders.set(0, holder(3, 0));
        check(950);
        assertEquals(condemned(Limit.FULL_HEAP, 2, 300, 400, true), standingStill(950));
    }

    /**
     * The accounts of all workers together may have missed most of what fills the heap, and the heap may be in pieces.
     */
    @Test
    void shouldKillTheLargestThoughTheHeapIsNotShortByItsBytes() {
        check(0);
        assertEquals(condemned(Limit.FAIR_SHARE, 1, 500, 400, true), standingStill(501));
    }

    @Test
    void shouldKillTheOneOverItsLimitWhereCollectionsTakeMostOfTheTime() {
        holders.set(1, limited(2, 300, 200));
        check(0);
        assertEquals(condemned(Limit.LIVE, 2, 300, 200, true), standingStill(600));
    }

    /** Somebody asks for one collection after another, say. */
    @Test
    void shouldKillNobodyWhereCollectionsTakeMostOfTheTimeButLeaveRoom() {
        check(0);
        assertEquals(NOTHING, standingStill(499));
    }

    /** Those that run beside the program take most of the time wherever there is much garbage. */
    @Test
    void shouldKillNobodyForTheTimeOfConcurrentCollectionsWhileThereIsRoom() {
        major();
        check(0);
        holders.set(0, holder(1, 310));
        for (int i = 0; i < 20; i++) {
            nowNanos += Standstill.WINDOW_NANOS / 2;
            collectingNanos += Standstill.WINDOW_NANOS / 2;
            major();
            assertEquals(NOTHING, check(540));
        }
    }

    /** It is worker 1 that has filled the heap; it is being ended. */
    @Test
    void shouldKillNobodyElseWhoKeepsLittleWhileOneIsBeingEnded() {
        holders.set(0, holder(1, 700));
        holders.set(1, holder(2, 20));
        holders.add(holder(3, 90));
        holders.add(holder(4, 10));
        check(0);
        assertEquals(condemned(Limit.FAIR_SHARE, 1, 700, 200, true), standingStill(501));
        assertEquals(condemned(Limit.FULL_HEAP, 3, 90, 200, true), fillingAgain());
        assertEquals(NOTHING, fillingAgain()); // 20 is less than a quarter of the share
    }

    @Test
    void shouldKillNobodyElseWhoKeepsLittleBeforeWhatOneHasLeftIsCollected() {
        holders.set(0, holder(1, 700));
        holders.set(1, holder(2, 0));
        check(970, 500);
        assertEquals(condemned(Limit.FAIR_SHARE, 1, 700, 400, true), fillingAgain());
        holders.set(0, holder(3, 0)); // it has gone, and another one has come
        nowNanos += Rush.WINDOW_NANOS;
        assertEquals(COLLECT_AT_ONCE, check(970, 990));
        assertEquals(COLLECT_AT_ONCE, check(970, 995));
        assertEquals(condemned(Limit.FULL_HEAP, 3, 0, 400, true), fillingAgain());
    }

    /** A collection shows that it is not garbage. */
    private Optional<Step> fillingAgain() {
        for (long old = 700; old < 900; old += 100) {
            nowNanos += 2 * Rush.WINDOW_NANOS;
            check(970, old);
        }
        full();
        nowNanos += 2 * Rush.WINDOW_NANOS;
        return check(970, 990);
    }

    private Optional<Step> check(long used, long old) {
        return pressure.check(new HeapFacts(nowNanos, collections, used, used, old, collectingNanos, holders.size(),
                holders));
    }

    @Test
    void shouldCountConnectionsForAWhileAfterOneHadToGo() {
        assertEquals(Valve.UNLIMITED, pressure.admission(nowNanos, 700));
        assertEquals(Haste.URGENT, pressure.haste(nowNanos));
        check(0);
        assertEquals(condemned(Limit.FAIR_SHARE, 1, 500, 400, true), standingStill(501));
        assertEquals(2, pressure.admission(nowNanos, 700));
        assertEquals(0, pressure.admission(nowNanos, 800));
        assertEquals(Haste.AT_ONCE, pressure.haste(nowNanos));
        nowNanos += Duration.ofSeconds(5).toNanos();
        assertEquals(Valve.UNLIMITED, pressure.admission(nowNanos, 900));
        assertEquals(Haste.URGENT, pressure.haste(nowNanos));
    }

    /** One look each tenth of a second, at a heap that fills up between collections. */
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

    @Test
    void shouldKillAtOnceOneThatIsBeingReplacedWhenCollectionsBeginToTakeMostOfTheTime() {
        check(0);
        assertEquals(condemned(1, 500, 400, false), afterFull(850));
        assertEquals(condemned(1, 500, 400, true), standingStill(850));
    }

    @Test
    void shouldReplaceTheLargestWhereTheHeapStaysFullAndNobodyIsToBlame() {
        holders.set(0, holder(1, 310));
        check(0);
        assertEquals(COLLECT_SOON, afterFull(950));
        assertEquals(Optional.of(new Step.NoneOverShare(950, 400)), afterFull(950));
        Optional<Step> step = NOTHING;
        long begunNanos = nowNanos;
        while (step.isEmpty() || step.equals(COLLECT_SOON)) {
            nowNanos += Duration.ofSeconds(1).toNanos();
            step = afterFull(950);
        }
        assertEquals(condemned(Limit.FULL_HEAP, 1, 310, 400, false), step);
        assertTrue(nowNanos - begunNanos >= PATIENCE_NANOS);
    }

    /** It may be what the program needs. */
    @Test
    void shouldReplaceNobodyWhereTheHeapStaysAboveTheThresholdButNotFull() {
        holders.set(0, holder(1, 310));
        check(0);
        afterFull(890);
        assertEquals(Optional.of(new Step.NoneOverShare(890, 400)), afterFull(890));
        for (int i = 0; i < 100; i++) {
            nowNanos += Duration.ofSeconds(1).toNanos();
            assertEquals(NOTHING, afterFull(890));
        }
    }
}
