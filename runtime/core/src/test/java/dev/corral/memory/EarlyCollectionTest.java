package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A heap of 1000 bytes that is short from 800 on, so that 560 are early; 100 are more, and 250 much. */
class EarlyCollectionTest {
    private final EarlyCollection earlyCollection = new EarlyCollection(800, 1000);
    private long nowNanos = Long.MAX_VALUE - 5;
    private long asked;
    private long majors = 1;

    private boolean check(long used, long inUse) {
        return earlyCollection
                .check(new HeapFacts(nowNanos, new CollectionCounts(9, 0, majors, 0, asked), used, inUse, 0, 0, 2,
                        List.of()));
    }

    private boolean lookAfterAsked(long used) {
        asked++;
        return check(used, used);
    }

    @Test
    void shouldWantNoneWhereCollectionsStopEverybody() {
        majors = 0;
        assertEquals(false, check(790, 790));
        assertEquals(false, check(100, 1000));
    }

    @Test
    void shouldWantOneWhenMuchIsNew() {
        assertEquals(false, check(300, 559));
        assertEquals(true, check(300, 560));
        assertEquals(false, check(450, 699));
        assertEquals(true, check(450, 700));
    }

    @Test
    void shouldWaitTwiceAsLongEachTimeThatItWasGarbage() {
        assertEquals(true, check(300, 900));
        for (long wait = 2; wait <= 128; wait *= 2) {
            assertEquals(false, lookAfterAsked(559));
            nowNanos += EarlyCollection.FIRST_WAIT.toNanos() * Math.min(wait, 32) - 1;
            assertEquals(false, check(300, 900));
            nowNanos++;
            assertEquals(true, check(300, 900));
        }
        assertEquals(false, lookAfterAsked(560)); // and begins anew when it was none
        nowNanos += EarlyCollection.FIRST_WAIT.toNanos() - 1;
        assertEquals(false, check(560, 900));
        nowNanos++;
        assertEquals(true, check(560, 900));
    }

    @Test
    void shouldWantOneWhenMoreIsKeptThanAfterTheLast() {
        assertEquals(false, check(559, 559));
        assertEquals(true, check(560, 560));
        assertEquals(false, lookAfterAsked(600));
        assertEquals(false, check(699, 699));
        assertEquals(true, check(700, 700));
        assertEquals(false, check(570, 570)); // from there on it counts, then
        assertEquals(true, check(670, 670));
    }
}
