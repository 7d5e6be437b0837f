package dev.corral.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.carrier.ThreadUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {
    /** Stands for a thread. */
    private static final class Fake {
        private volatile long used;
        private volatile boolean ended;

        @Nullable
        ThreadUsage read() {
            long now = used;
            return ended ? null : new ThreadUsage(now, 2 * now);
        }
    }

    private final Ledger<Fake> ledger = new Ledger<>(Fake::read);

    private static Fake having(long used) {
        var fake = new Fake();
        fake.used = used;
        return fake;
    }

    @Test
    void shouldAddUpWhatIsAlive() {
        assertEquals(new ThreadUsage(7, 14), ledger.update(List.of(having(3), having(4))));
    }

    @Test
    void shouldKeepWhatWasSeenLastOfThoseThatHaveEnded() {
        Fake first = having(3);
        Fake second = having(4);
        ledger.update(List.of(first, second));
        first.used = 5;
        ledger.update(List.of(second, first));
        first.ended = true;
        second.used = 10;
        assertEquals(15, ledger.update(List.of(second)).cpuNanos());
        second.ended = true;
        assertEquals(15, ledger.update(List.of()).cpuNanos());
        assertEquals(15, ledger.update(List.of(first, second)).cpuNanos()); // from a list that is old by now
    }

    /** As while the list was made by another one, before it had started. */
    @Test
    void shouldKeepCountingOneThatIsNotInTheListButAlive() {
        Fake thread = having(3);
        ledger.update(List.of(thread));
        assertEquals(3, ledger.update(List.of()).cpuNanos());
        thread.used = 4;
        assertEquals(4, ledger.update(List.of(thread)).cpuNanos());
    }

    @Test
    void shouldNotShrinkWhenAReadingDoes() {
        Fake thread = having(3);
        ledger.update(List.of(thread));
        thread.used = 0;
        assertEquals(3, ledger.update(List.of(thread)).cpuNanos());
    }

    /** Threads come and go, each with 5, while others look at lists that may be old. */
    @Test
    void shouldNeitherLoseNorCountTwiceWhileThreadsEnd() {
        var live = new AtomicReference<List<Fake>>(List.of());
        var over = new AtomicBoolean();
        var failures = ConcurrentHashMap.<String>newKeySet();
        List<CompletableFuture<Void>> lookers = Stream.generate(() -> CompletableFuture.runAsync(() -> {
            long last = 0;
            while (!over.get()) {
                long now = ledger.update(live.get()).cpuNanos();
                if (now < last) {
                    failures.add(now + " after " + last);
                }
                last = now;
            }
        }, task -> Thread.ofPlatform().daemon().start(task))).limit(3).toList();
        int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            List<Fake> next = new ArrayList<>(live.get());
            next.add(having(5));
            live.set(next);
            ledger.update(next);
            if (next.size() > 4) {
                next = new ArrayList<>(next);
                next.removeFirst().ended = true;
                live.set(next);
            }
        }
        over.set(true);
        lookers.forEach(CompletableFuture::join);
        live.get().forEach(each -> each.ended = true);
        assertTrue(failures.isEmpty(), failures::toString);
        assertEquals(5L * rounds, ledger.update(List.of()).cpuNanos());
    }
}
