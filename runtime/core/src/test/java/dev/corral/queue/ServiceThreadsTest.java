package dev.corral.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServiceThreadsTest {
    @Test
    void shouldEnterALoopAgainUntilItReturns() throws Exception {
        var entered = new AtomicInteger();
        Thread thread = ServiceThreads.loop("loop", () -> {
            if (entered.incrementAndGet() < 4) {
                throw new OutOfMemoryError("made up");
            }
        });
        thread.start();
        thread.join();
        assertEquals(4, entered.get());
    }
}
