package dev.corral.memory;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CollectionRequestsTest {
    private final CollectionRequests requests = new CollectionRequests();

    @Test
    void shouldLetTheFirstOnePassAndTheNextAfterTheInterval() {
        long now = Long.MAX_VALUE - 3; // the clock may overflow
        assertTrue(requests.mayAsk(now, false));
        assertFalse(requests.mayAsk(now + CollectionRequests.INTERVAL.toNanos() - 1, false));
        assertTrue(requests.mayAsk(now + CollectionRequests.INTERVAL.toNanos(), false));
    }

    @Test
    void shouldNotHoldUpTheNextOneWhereTheLastWasWorthIt() {
        assertTrue(requests.mayAsk(0, false));
        requests.wasWorthIt();
        assertTrue(requests.mayAsk(1, false));
        assertFalse(requests.mayAsk(2, false));
    }

    @Test
    void shouldLetUrgentOnesPassSooner() {
        assertTrue(requests.mayAsk(0, true));
        assertFalse(requests.mayAsk(CollectionRequests.URGENT_INTERVAL.toNanos() - 1, true));
        assertFalse(requests.mayAsk(CollectionRequests.URGENT_INTERVAL.toNanos(), false));
        assertTrue(requests.mayAsk(CollectionRequests.URGENT_INTERVAL.toNanos(), true));
    }
}
