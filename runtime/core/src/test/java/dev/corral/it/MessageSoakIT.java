package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Backoff;
import dev.corral.ExitReason;
import dev.corral.Program;
import dev.corral.RestartPolicy;
import dev.corral.Worker;
import dev.corral.WorkerExitedException;
import dev.corral.testing.Footprint;
import dev.corral.testing.Harness;
import dev.corral.testing.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import programs.Courier;
import programs.common.Tally;

/**
 * Messages from the master to workers and among workers, while workers are killed and replaced at random. Each message
 * is delivered once, or returned once, or its sender was notified. Nothing is left of the workers that have ended.
 *
 * <p>{@code corral.messages} is the number of messages.
 */
@Tag("c2")
class MessageSoakIT {
    private static final int WORKERS = 4;
    private static final int SENDERS = 3;
    private static final int MESSAGES = Soak.number("corral.messages", 50_000, 2_000_000);
    private static final int HOPS = 3;

    @Test
    void shouldAccountForEachMessage() throws Exception {
        long others = Footprint.loadersOfOthers();
        var policy = RestartPolicy.DEFAULT.withBackoff(Backoff.NONE).withIntensity(10_000, Duration.ofSeconds(1));
        Program program = Harness.program("Courier").withShared("programs.common");
        try (var it = new Harness(program, config -> config.withWorkers(WORKERS).withRestart(policy).withMailbox(64));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            it.awaitReady(WORKERS);
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int seed = i;
                senders.add(threads.submit(() -> send(it, new SplittableRandom(seed))));
            }
            int ended = endAtRandom(it, new SplittableRandom(17), senders);
            for (Future<?> sender : senders) {
                sender.get();
            }
            it.awaitReady(WORKERS);
            await("all is delivered").until(() -> it.cluster.stats().workers().stream()
                    .allMatch(worker -> worker.traffic().mailbox() == 0));
            it.cluster.disconnect().join();
            await("all exits are told").until(() -> it.exits().size() == ended + WORKERS);
            check(it);
            Mailing.awaitNothingLeft(it, others);
        }
    }

    private static Void send(Harness it, SplittableRandom random) throws InterruptedException {
        while (Tally.count() < MESSAGES) {
            List<Worker> workers = it.cluster.workers();
            if (workers.isEmpty()) {
                continue;
            }
            Worker to = workers.get(random.nextInt(workers.size()));
            Worker next = workers.get(random.nextInt(workers.size()));
            int number = Tally.next();
            var parcel = new Courier.Parcel(number, random.nextInt(HOPS), next.id());
            try {
                if (random.nextInt(4) > 0) {
                    to.send(parcel);
                    Tally.accepted(number);
                } else if (to.trySend(parcel)) {
                    Tally.accepted(number);
                } else {
                    Tally.refused(number);
                }
            } catch (WorkerExitedException e) {
                Tally.refused(number);
            }
        }
        return null;
    }

    /** Ends workers at random until all messages are sent. Returns the number of workers that it has ended. */
    private static int endAtRandom(Harness it, SplittableRandom random, List<Future<?>> senders) {
        int ended = 0;
        while (!senders.stream().allMatch(Future::isDone)) {
            List<Worker> workers = it.cluster.workers();
            if (!workers.isEmpty()) {
                Worker victim = workers.get(random.nextInt(workers.size()));
                if (random.nextBoolean()) {
                    victim.kill().join();
                } else {
                    victim.replace().handle((_, _) -> null).join();
                    victim.onExit().join();
                }
                ended++;
            }
        }
        return ended;
    }

    private static void check(Harness it) {
        var givenBack = new AtomicIntegerArray(Tally.MOST);
        it.exits().forEach(exit -> exit.undelivered()
                .forEach(message -> givenBack.incrementAndGet(((Courier.Parcel) message).number())));
        long forced = it.exits().stream().filter(exit -> exit.reason() instanceof ExitReason.Killed).count();
        int lost = 0;
        int unknown = 0;
        for (int number = 0; number < Tally.count(); number++) {
            int seen = Tally.deliveries(number) + givenBack.get(number);
            assertTrue(seen <= 1, number + " was seen " + seen + " times");
            if (Tally.isRefused(number)) {
                assertEquals(0, seen, number + " was refused");
            } else if (Tally.isAccepted(number)) {
                lost += 1 - seen;
            } else {
                unknown++; // the sender was killed while it sent the message
            }
        }
        int back = 0;
        for (int number = 0; number < Tally.count(); number++) {
            back += givenBack.get(number);
        }
        System.out
                .println(Tally.count() + " messages, " + it.exits().size() + " workers ended, " + forced + " by force; "
                        + back + " given back, of " + unknown + " the sender was killed, " + lost
                        + " were being handed to a handler that was killed");
        assertTrue(lost <= forced, lost + " lost, but only " + forced + " killed: each is handed one at a time");
        assertTrue(unknown <= forced, unknown + " of unknown fate, but only " + forced + " killed");
    }
}
