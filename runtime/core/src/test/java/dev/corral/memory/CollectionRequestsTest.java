package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.memory.CollectionRequests.Haste;
import org.junit.jupiter.api.Test;

class CollectionRequestsTest {
    private final CollectionRequests requests = new CollectionRequests();

    @Test
    void shouldLetTheFirstOnePassAndTheNextAfterTheInterval() {
        long now = Long.MAX_VALUE - 3; // the clock may overflow
        assertTrue(requests.mayAsk(now, Haste.NONE));
        assertFalse(requests.mayAsk(now + Haste.NONE.interval().toNanos() - 1, Haste.NONE));
        assertTrue(requests.mayAsk(now + Haste.NONE.interval().toNanos(), Haste.NONE));
    }

    @Test
    void shouldNotHoldUpTheNextOneWhereTheLastWasWorthIt() {
        assertTrue(requests.mayAsk(0, Haste.NONE));
        requests.wasWorthIt();
        assertTrue(requests.mayAsk(1, Haste.NONE));
        assertFalse(requests.mayAsk(2, Haste.NONE));
    }

    @Test
    void shouldLetUrgentOnesPassSooner() {
        long urgent = Haste.URGENT.interval().toNanos();
        assertTrue(requests.mayAsk(0, Haste.URGENT));
        assertFalse(requests.mayAsk(urgent - 1, Haste.URGENT));
        assertFalse(requests.mayAsk(urgent, Haste.NONE));
        assertTrue(requests.mayAsk(urgent, Haste.URGENT));
    }

    @Test
    void shouldLetThosePassSoonestForWhichConnectionsWait() {
        long atOnce = Haste.AT_ONCE.interval().toNanos();
        assertTrue(requests.mayAsk(0, Haste.AT_ONCE));
        assertFalse(requests.mayAsk(atOnce - 1, Haste.AT_ONCE));
        assertFalse(requests.mayAsk(atOnce, Haste.URGENT));
        assertTrue(requests.mayAsk(atOnce, Haste.AT_ONCE));
    }
}
