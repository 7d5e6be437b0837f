package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.ExitReason.OverMemory.Limit;
import dev.corral.ExitReason.OverMemory;
import dev.corral.MemoryPolicy;
import dev.corral.memory.Limits.Finding;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    private static final MemoryPolicy POLICY = MemoryPolicy.DEFAULT.withPeriod(Duration.ofSeconds(2));
    private static final Finding.Suspected SUSPECTED = new Finding.Suspected();
    private static final Finding.Within WITHIN = new Finding.Within();

    private final Limits live = new Limits(POLICY.withMaxLive(100), 0);
    private long nowNanos = -5;

    private Finding check(long bytes, CollectionCounts collections) {
        return check(bytes, 0, collections);
    }

    private Finding check(long bytes, long unseen, CollectionCounts collections) {
        return live.check(OptionalLong.of(bytes), unseen, collections, false, nowNanos);
    }

    private static CollectionCounts counted(long all, long full, long majors, long marks, long asked) {
        return new CollectionCounts(all, full, majors, marks, asked);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000, false", "0, 1001, true", "0.5, 950, false", "0.5, 951, true", "0.999, 900, false",
            "0.999, 902, true"})
    void shouldAllowUpToATenthLess(double random, long allocated, boolean isOver) {
        var limits = new Limits(POLICY.withMaxAllocated(1000), random);
        Optional<OverMemory> found = limits.exceeded(allocated, OptionalLong.empty());
        assertEquals(isOver, found.isPresent(), found.toString());
        found.ifPresent(over -> {
            assertEquals(Limit.ALLOCATED, over.limit());
            assertEquals(allocated, over.bytes());
            assertTrue(over.limitBytes() < allocated && over.limitBytes() >= 900, over.toString());
        });
    }

    @Test
    void shouldHaveTheSmallestLimitThereIs() {
        var limits = new Limits(POLICY.withMaxAllocated(1), 0.999);
        assertEquals(Optional.empty(), limits.exceeded(1, OptionalLong.empty()));
        assertEquals(Optional.of(new OverMemory(Limit.ALLOCATED, 2, 1)), limits.exceeded(2, OptionalLong.empty()));
    }

    @Test
    void shouldLimitMetaspaceWhereItIsKnown() {
        var limits = new Limits(POLICY.withMaxMetaspace(10), 0.5);
        assertEquals(Optional.empty(), limits.exceeded(Long.MAX_VALUE, OptionalLong.empty()));
        assertEquals(Optional.empty(), limits.exceeded(Long.MAX_VALUE, OptionalLong.of(10)));
        assertEquals(Optional.of(new OverMemory(Limit.METASPACE, 11, 10)), limits.exceeded(0, OptionalLong.of(11)));
    }

    @Test
    void shouldLimitNothingByDefault() {
        var limits = new Limits(MemoryPolicy.DEFAULT, 0.5);
        assertEquals(Optional.empty(), limits.exceeded(Long.MAX_VALUE, OptionalLong.of(Long.MAX_VALUE)));
        assertEquals(WITHIN, limits.check(OptionalLong.of(Long.MAX_VALUE), 0, counted(1, 1, 0, 1, 1), false, 0));
    }

    /** What has to be counted after the first figure over the limit for the next one to be believed. */
    @ParameterizedTest
    @CsvSource({"100,0,0,0,0,false", "1,1,0,0,0,true", "1,0,0,0,1,true", "1,0,1,0,0,false", "2,0,2,0,0,true",
            "2,0,0,2,0,false", "3,0,0,3,0,true"})
    void shouldBelieveAFigureAfterACollectionOfTheWholeHeapThatBeganAfterTheSuspicion(long all, long full, long majors,
            long marks,
            long asked, boolean isOver) {
        assertFalse(check(101, counted(7, 7, 7, 7, 7)) instanceof Finding.Over);
        Finding found = settled(102, counted(7 + all, 7 + full, 7 + majors, 7 + marks, 7 + asked));
        assertEquals(isOver, found.equals(new Finding.Over(new OverMemory(Limit.LIVE, 102, 100))), found.toString());
    }

    /** What the collection has found dead is not known at once. */
    @Test
    void shouldGiveAFigureTimeToSettle() {
        assertEquals(SUSPECTED, check(101, counted(0, 0, 0, 0, 0)));
        assertEquals(SUSPECTED, check(101, counted(1, 1, 0, 0, 0)));
        nowNanos += LiveBytes.SETTLING_NANOS - 1;
        assertEquals(SUSPECTED, check(101, counted(1, 1, 0, 0, 0)));
        assertEquals(WITHIN, check(100, counted(1, 1, 0, 0, 0)));
    }

    private Finding settled(long live, CollectionCounts collections) {
        assertFalse(check(live, collections) instanceof Finding.Over);
        nowNanos += LiveBytes.SETTLING_NANOS;
        return check(live, collections);
    }

    @Test
    void shouldForgetASuspicionThatWasGarbage() {
        assertEquals(SUSPECTED, check(101, counted(0, 0, 0, 0, 0)));
        assertEquals(WITHIN, check(100, counted(1, 1, 0, 0, 0)));
        assertEquals(SUSPECTED, check(101, counted(2, 1, 0, 0, 0)));
        assertInstanceOf(Finding.Over.class, settled(101, counted(3, 2, 0, 0, 0)));
        assertEquals(WITHIN, live.check(OptionalLong.empty(), 0, counted(4, 3, 0, 0, 0), false, nowNanos));
    }

    @Test
    void shouldWantACollectionWhenNoneHasComeForSomePeriods() {
        assertEquals(SUSPECTED, check(101, counted(0, 0, 0, 0, 0)));
        nowNanos += Duration.ofSeconds(2).toNanos() - 1;
        assertEquals(SUSPECTED, check(101, counted(50, 0, 0, 0, 0)));
        nowNanos++;
        assertEquals(new Finding.Unclear(), check(101, counted(51, 0, 0, 0, 0)));
        assertInstanceOf(Finding.Over.class, settled(101, counted(52, 0, 0, 0, 1)));
    }

    @Test
    void shouldWantACollectionAtOnceWhereNoneButSuchAnOneTells() {
        assertEquals(new Finding.Unclear(), check(50, 51, counted(5, 0, 1, 0, 0)));
        assertEquals(new Finding.Unclear(), check(50, 51, counted(6, 0, 2, 0, 0)));
        assertInstanceOf(Finding.Over.class, settled(101, counted(7, 0, 2, 0, 1)));
    }

    /** Nothing else would find a leak in a program that does little besides. */
    @Test
    void shouldWantACollectionWhereNoneComesAndWhatIsNewMayBeOverTheLimit() {
        CollectionCounts none = counted(0, 0, 0, 0, 0);
        assertEquals(WITHIN, check(50, 50, none));
        assertEquals(SUSPECTED, check(50, 51, none));
        nowNanos += Duration.ofSeconds(2).toNanos();
        assertEquals(new Finding.Unclear(), check(50, 51, none));
        CollectionCounts asked = counted(1, 1, 0, 0, 1);
        assertEquals(SUSPECTED, check(101, 0, asked));
        nowNanos += LiveBytes.SETTLING_NANOS;
        assertInstanceOf(Finding.Over.class, check(101, 0, asked));
    }

    /** A program that makes much garbage has collections anyhow; none is asked for. */
    @Test
    void shouldBeginAnewWhereACollectionHasShownThatItWasGarbage() {
        assertEquals(SUSPECTED, check(50, 1000, counted(0, 0, 0, 0, 0)));
        for (int i = 1; i < 100; i++) {
            nowNanos += Duration.ofSeconds(1).toNanos();
            assertEquals(SUSPECTED, check(50, 1000, counted(i, 0, 0, 0, 0)));
        }
    }

    @Test
    void shouldTakeEndlessPeriods() {
        var limits = new Limits(POLICY.withMaxLive(1).withPeriod(Duration.ofSeconds(Long.MAX_VALUE)), 0);
        assertEquals(SUSPECTED, limits.check(OptionalLong.of(2), 0, counted(0, 0, 0, 0, 0), false, 0));
        assertEquals(SUSPECTED, limits.check(OptionalLong.of(2), 0, counted(0, 0, 0, 0, 0), false, Long.MAX_VALUE - 1));
    }

    /** Else the heap may be full before the collection comes. */
    @Test
    void shouldWantACollectionAtOnceOfWhatIsOverTheLimitWhereTheHeapMaySoonBeShort() {
        CollectionCounts none = counted(0, 0, 0, 0, 0);
        assertEquals(SUSPECTED, live.check(OptionalLong.of(50), 51, none, true, nowNanos)); // that may be garbage
        assertEquals(new Finding.Unclear(), live.check(OptionalLong.of(101), 0, none, true, nowNanos));
    }
}
