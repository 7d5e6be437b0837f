package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Balancer;
import dev.corral.StubWorker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddresseesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();

    private Addressees addressees(Supplier<Balancer> balancers) {
        var addressees = new Addressees("test", balancers);
        for (int slot = 0; slot < 2; slot++) {
            int to = slot;
            addressees.admit(StubWorker.of(slot, message -> sent.add(message + " to " + to)), true);
        }
        return addressees;
    }

    private static void inAnotherThread(Addressees addressees) {
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                addressees.send("inner");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        try {
            assertTrue(thread.join(LONG), "it waits for a lock");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldHoldNoLockWhileABalancerChooses() throws Exception {
        var chosen = new AtomicInteger();
        Addressees[] it = new Addressees[1];
        it[0] = addressees(() -> (_, ready) -> {
            if (chosen.getAndIncrement() == 0) {
                inAnotherThread(it[0]);
            }
            return ready.getFirst();
        });
        it[0].send("outer");
        assertEquals(List.of("inner to 0", "outer to 0"), List.copyOf(sent));
    }

    @Test
    void shouldHoldNoLockWhileABalancerIsCreated() throws Exception {
        var created = new AtomicInteger();
        Addressees[] it = new Addressees[1];
        it[0] = addressees(() -> {
            if (created.getAndIncrement() == 0) {
                inAnotherThread(it[0]);
            }
            return Balancer.roundRobin();
        });
        it[0].send("outer");
        assertEquals(2, sent.size());
    }

    @Test
    void shouldGoRoundForOneSender() throws Exception {
        Addressees addressees = addressees(Balancer::roundRobin);
        for (int i = 0; i < 4; i++) {
            addressees.send(i);
        }
        assertEquals(List.of("0 to 0", "1 to 1", "2 to 0", "3 to 1"), List.copyOf(sent));
    }

    @Test
    void shouldGoRoundWhereNoBalancerIsCreated() throws Exception {
        Addressees addressees = addressees(() -> {
            throw new IllegalStateException("made up");
        });
        addressees.send(0);
        assertEquals(List.of("0 to 0"), List.copyOf(sent));
    }
}
