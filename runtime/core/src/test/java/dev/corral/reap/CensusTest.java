package dev.corral.reap;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CensusTest {
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void shouldLookAnewForEachWhoComesAlone() {
        var census = new Census<>(looks::incrementAndGet);
        assertEquals(List.of(1, 2, 3), Stream.generate(census::take).limit(3).toList());
    }

    /** Those who come during a look share the next one: the one under way may have passed what they are to see. */
    @Test
    void shouldShareTheNextLookAmongThoseWhoComeDuringOne() throws Exception {
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var census = new Census<>(() -> {
            int number = looks.incrementAndGet();
            if (number == 1) {
                begun.countDown();
                awaitQuietly(end);
            }
            return number;
        });
        CompletableFuture<Integer> first = take(census);
        begun.await();
        List<Asking> others = Stream.generate(() -> new Asking(census)).limit(10).toList();
        await().until(() -> others.stream().allMatch(Asking::waits));
        end.countDown();
        assertEquals(1, first.get());
        for (Asking other : others) {
            assertEquals(2, other.answer.get());
        }
        assertEquals(2, looks.get());
    }

    @Test
    void shouldShowNobodyWhatWasBeforeHeAsked() throws Exception {
        var clock = new AtomicLong();
        var census = new Census<>(clock::get);
        List<CompletableFuture<Void>> all = Stream.generate(() -> CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 100_000; i++) {
                long asked = clock.incrementAndGet();
                assertTrue(census.take() >= asked);
            }
        }, task -> Thread.ofPlatform().daemon().start(task))).limit(4).toList();
        for (CompletableFuture<Void> each : all) {
            each.get();
        }
    }

    private static CompletableFuture<Integer> take(Census<Integer> census) {
        return CompletableFuture.supplyAsync(census::take, task -> Thread.ofPlatform().daemon().start(task));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Asking {
        final CompletableFuture<Integer> answer = new CompletableFuture<>();
        private final Thread thread;

        Asking(Census<Integer> census) {
            thread = Thread.ofPlatform().daemon().start(() -> answer.complete(census.take()));
        }

        boolean waits() {
            return thread.getState() == Thread.State.WAITING;
        }
    }
}
