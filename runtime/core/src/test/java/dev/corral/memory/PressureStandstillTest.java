package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.memory.CollectionRequests.Haste;
import dev.corral.memory.Pressure.Step;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A heap in which collections take most of the time, or that stays full although no worker exceeds its share. */
class PressureStandstillTest extends PressureFixture {
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
     * The figures of all workers together may miss most of the objects that fill the heap, and the heap may be
     * fragmented.
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

    /** For example, a program requests one collection after another. */
    @Test
    void shouldKillNobodyWhereCollectionsTakeMostOfTheTimeButLeaveRoom() {
        check(0);
        assertEquals(NOTHING, standingStill(499));
    }

    /** Concurrent collections take most of the time whenever there is much garbage. */
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

    /** Worker 1 has filled the heap, and its end has begun. */
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
        holders.set(0, holder(3, 0)); // worker 1 has ended, and worker 3 has replaced it
        nowNanos += Rush.WINDOW_NANOS;
        assertEquals(COLLECT_AT_ONCE, check(970, 990));
        assertEquals(COLLECT_AT_ONCE, check(970, 995));
        assertEquals(condemned(Limit.FULL_HEAP, 3, 0, 400, true), fillingAgain());
    }

    /** Fills the heap again, and shows by a collection that the objects are not garbage. */
    private Optional<Step> fillingAgain() {
        for (long old = 700; old < 900; old += 100) {
            nowNanos += 2 * Rush.WINDOW_NANOS;
            check(970, old);
        }
        full();
        nowNanos += 2 * Rush.WINDOW_NANOS;
        return check(970, 990);
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

    /** The program may need this memory. */
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
