package dev.corral.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Balancer;
import dev.corral.StubWorker;
import dev.corral.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadyTargetsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ConcurrentLinkedQueue<String> sent = new ConcurrentLinkedQueue<>();

    private ReadyTargets readyTargets(Supplier<Balancer> balancers) {
        List<Worker> ready = new ArrayList<>();
        for (int slot = 0; slot < 2; slot++) {
            int to = slot;
            ready.add(StubWorker.of(slot, message -> sent.add(message + " to " + to)));
        }
        return new ReadyTargets("test", balancers, () -> ready);
    }

    private static void inAnotherThread(ReadyTargets readyTargets) {
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                readyTargets.send("inner");
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
        ReadyTargets[] it = new ReadyTargets[1];
        it[0] = readyTargets(() -> (_, ready) -> {
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
        ReadyTargets[] it = new ReadyTargets[1];
        it[0] = readyTargets(() -> {
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
        ReadyTargets readyTargets = readyTargets(Balancer::roundRobin);
        for (int i = 0; i < 4; i++) {
            readyTargets.send(i);
        }
        assertEquals(List.of("0 to 0", "1 to 1", "2 to 0", "3 to 1"), List.copyOf(sent));
    }

    @Test
    void shouldGoRoundWhereNoBalancerIsCreated() throws Exception {
        ReadyTargets readyTargets = readyTargets(() -> {
            throw new IllegalStateException("made up");
        });
        readyTargets.send(0);
        assertEquals(List.of("0 to 0"), List.copyOf(sent));
    }
}
