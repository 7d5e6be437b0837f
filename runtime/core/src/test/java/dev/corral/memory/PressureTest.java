package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.memory.Pressure.Holder;
import dev.corral.memory.Pressure.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A heap of 1000 bytes, of which from 800 on somebody has to go; 900 is the middle. Of two workers each has a share of 400. */
class PressureTest {
    private static final Optional<Step> NOTHING = Optional.empty();
    private static final Optional<Step> COLLECT = Optional.of(new Step.Collect(false));
    private static final Optional<Step> COLLECT_SOON = Optional.of(new Step.Collect(true));
    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).multipliedBy(Pressure.PATIENCE).toNanos();

    private final List<Holder> holders = new ArrayList<>(List.of(holder(1, 500), holder(2, 300)));
    private Pressure pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(0.8), 1000);
    private Collections collections = new Collections(10, 1, 2, 0);
    private long nowNanos = Long.MAX_VALUE - 7;

    private static Holder holder(long worker, long live) {
        return new Holder(worker, OptionalLong.of(live));
    }

    private void young() {
        collections = new Collections(collections.all() + 1, collections.full(), collections.cycles(), 0);
    }

    private void full() {
        collections = new Collections(collections.all() + 1, collections.full() + 1, collections.cycles(), 0);
    }

    private Optional<Step> look(long used) {
        return pressure.look(new Pressure.Facts(nowNanos, collections, used, holders.size(), holders));
    }

    private Optional<Step> afterYoung(long used) {
        young();
        return look(used);
    }

    private Optional<Step> afterFull(long used) {
        full();
        return look(used);
    }

    private static Optional<Step> condemned(long worker, long live, long share, boolean now) {
        return Optional.of(new Step.Condemn(worker, new OverMemory("heap pressure", live, share), now));
    }

    @Test
    void shouldDoNothingBelowTheThreshold() {
        assertEquals(NOTHING, look(0));
        assertEquals(NOTHING, afterFull(799));
        assertEquals(COLLECT, afterFull(800));
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
        assertEquals(Optional.of(new Step.NobodyToBlame(890, 900)), afterFull(890));
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
            assertEquals(COLLECT_SOON, look(900)); // looks without a collection tell nothing
            assertEquals(COLLECT_SOON, afterYoung(900));
        }
        assertEquals(condemned(1, 500, 400, false), afterYoung(900));
    }

    @Test
    void shouldKillItWhenTheHeapFillsUpBeforeItHasGone() {
        look(850);
        assertEquals(condemned(1, 500, 400, false), afterFull(890));
        assertEquals(NOTHING, afterYoung(899));
        holders.set(0, holder(1, 600));
        assertEquals(condemned(1, 600, 400, true), afterYoung(900));
        assertEquals(NOTHING, afterYoung(950));
    }

    /** The figure that had it recycled does not have it killed as well. */
    @Test
    void shouldKillItOnlyAfterALaterCollection() {
        look(950);
        assertEquals(condemned(1, 500, 400, false), afterFull(950));
        assertEquals(NOTHING, look(950));
        assertEquals(condemned(1, 500, 400, true), afterYoung(950));
    }

    @Test
    void shouldKillItWhenItsRecyclingTakesTooLong() {
        look(850);
        assertEquals(condemned(1, 500, 400, false), afterFull(850));
        nowNanos += PATIENCE_NANOS - 1;
        assertEquals(NOTHING, look(850));
        nowNanos++;
        assertEquals(condemned(1, 500, 400, true), look(850));
        nowNanos += PATIENCE_NANOS - 1;
        assertEquals(NOTHING, look(850));
        nowNanos++;
        assertEquals(condemned(1, 500, 400, true), look(850));
    }

    @Test
    void shouldBeginAnewWhenItHasGoneForWhatItHasLeftIsGarbage() {
        look(950);
        afterFull(950);
        holders.set(0, holder(3, 0));
        holders.set(1, holder(2, 450));
        assertEquals(COLLECT_SOON, afterYoung(950));
        assertEquals(COLLECT_SOON, afterYoung(950));
        assertEquals(NOTHING, afterFull(460));
    }

    @Test
    void shouldTakeTheNextOneIfThatDoesNotHelp() {
        look(850);
        afterFull(850);
        holders.set(0, holder(3, 0));
        holders.set(1, holder(2, 450));
        assertEquals(COLLECT, afterYoung(850));
        assertEquals(condemned(2, 450, 400, false), afterFull(850));
    }

    @Test
    void shouldForgetWhomItHasCondemnedWhenThereIsRoomAgain() {
        look(850);
        afterFull(850);
        assertEquals(NOTHING, afterFull(700));
        assertEquals(COLLECT_SOON, afterYoung(950));
        assertEquals(condemned(1, 500, 400, false), afterFull(950));
    }

    @Test
    void shouldTouchNobodyWhoKeepsWithinTheShareAndSayThatOnce() {
        holders.set(0, holder(1, 400));
        assertEquals(COLLECT, look(850));
        assertEquals(Optional.of(new Step.NobodyToBlame(850, 400)), afterFull(850));
        assertEquals(NOTHING, afterFull(850));
        assertEquals(NOTHING, afterYoung(950)); // nor is a collection asked for, which would come to nothing again and again
        assertEquals(NOTHING, afterFull(850));
        assertEquals(NOTHING, afterFull(700));
        assertEquals(COLLECT, look(850));
        assertEquals(Optional.of(new Step.NobodyToBlame(860, 400)), afterFull(860));
    }

    @Test
    void shouldTakeOneThatPassesItsShareLater() {
        holders.set(0, holder(1, 400));
        look(850);
        afterFull(850);
        holders.set(0, holder(1, 401));
        assertEquals(NOTHING, afterYoung(850));
        assertEquals(condemned(1, 401, 400, false), afterFull(850));
    }

    @Test
    void shouldSayOnceThatThereAreNoFigures() {
        holders.replaceAll(holder -> new Holder(holder.worker(), OptionalLong.empty()));
        look(850);
        assertEquals(Optional.of(new Step.NoFigures(850)), afterFull(850));
        assertEquals(NOTHING, afterFull(999));
    }

    @Test
    void shouldShareWithWorkersOfOtherClusters() {
        look(850);
        full();
        assertEquals(condemned(1, 500, 80, false),
                pressure.look(new Pressure.Facts(nowNanos, collections, 850, 10, holders)));
    }

    @Test
    void shouldDoNothingWithoutWorkers() {
        holders.clear();
        look(850);
        assertEquals(NOTHING, afterFull(999));
    }

    @Test
    void shouldNeverActAtOne() {
        pressure = new Pressure(MemoryPolicy.DEFAULT.withHeapPressure(1), 1000);
        assertEquals(NOTHING, look(1000));
        assertEquals(NOTHING, afterFull(1000));
    }
}
