package dev.corral.carrier;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class CarrierAccountsTest {
    private static final int MIB = 1 << 20;
    /** What a carrier allocates by itself, and what is loaded at the first use. */
    private static final long SLACK = MIB / 2;

    private volatile Object sink = "";

    /** Of a thread that serves one carrier after another. */
    @Test
    void shouldCountBetweenStartAndEndOnly() {
        var thread = new AtomicLong(1_000);
        var accounts = new CarrierAccounts();
        CarrierAccounts.Account first = accounts.open(() -> new ThreadUsage(thread.get(), 2 * thread.get()));
        thread.addAndGet(5);
        assertEquals(new ThreadUsage(5, 10), accounts.sum());
        thread.addAndGet(2);
        accounts.close(first);
        thread.addAndGet(100); // with another one
        assertEquals(new ThreadUsage(7, 14), accounts.sum());
        CarrierAccounts.Account second = accounts.open(() -> new ThreadUsage(thread.get(), 2 * thread.get()));
        thread.addAndGet(1);
        assertEquals(new ThreadUsage(8, 16), accounts.sum());
        accounts.close(second);
        assertEquals(new ThreadUsage(8, 16), accounts.sum());
    }

    /** What the reader saw of the thread was used for another one: the account was closed meanwhile. */
    @Test
    void shouldNotCountWhatTheThreadDoesForTheNextWhileItIsRead() {
        var thread = new AtomicLong(10);
        var accounts = new CarrierAccounts();
        var close = new Runnable[1];
        CarrierAccounts.Account account = accounts.open(() -> {
            Runnable now = close[0];
            close[0] = null;
            if (now != null) {
                now.run();
            }
            return new ThreadUsage(thread.get(), 0);
        });
        thread.addAndGet(3);
        close[0] = () -> {
            accounts.close(account);
            thread.addAndGet(1_000);
        };
        assertEquals(3, accounts.sum().cpuNanos());
        assertEquals(3, accounts.sum().cpuNanos());
    }

    @Test
    void shouldNeitherLoseNorCountTwiceWhileCarriersLeave() throws Exception {
        var accounts = new CarrierAccounts();
        List<CompletableFuture<Void>> carriers = java.util.stream.Stream
                .generate(() -> CompletableFuture.runAsync(() -> carryAgainAndAgain(accounts),
                        task -> Thread.ofPlatform()
                                .daemon().start(task)))
                .limit(4).toList();
        var all = CompletableFuture.allOf(carriers.toArray(CompletableFuture[]::new));
        long last = 0;
        while (!all.isDone()) {
            long now = accounts.sum().cpuNanos();
            assertTrue(now >= last, now + " after " + last);
            assertTrue(now <= 4 * 20_000, now + " of 80000");
            last = now;
        }
        all.get();
        assertEquals(4 * 20_000, accounts.sum().cpuNanos());
    }

    /** Uses 10 each time, and 1000 between two times. */
    private static void carryAgainAndAgain(CarrierAccounts accounts) {
        var used = new AtomicLong();
        for (int i = 0; i < 2_000; i++) {
            CarrierAccounts.Account account = accounts.open(() -> new ThreadUsage(used.get(), 0));
            for (int j = 0; j < 10; j++) {
                used.incrementAndGet();
            }
            accounts.close(account);
            used.addAndGet(1_000);
        }
    }

    /** Those who stand still leave; their threads carry for others after that. */
    @Test
    void shouldKeepWhatCarriersHaveAllocatedThatWereReplaced() throws Exception {
        try (var scheduler = new Scheduler("stands-still", this, 1); var other = new Scheduler("other", this, 1)) {
            long before = allocated(scheduler);
            for (int i = 0; i < 4; i++) {
                var sibling = new CountDownLatch(1);
                var done = new CountDownLatch(1);
                scheduler.execute(() -> {
                    allocate(8);
                    awaitQuietly(sibling);
                    done.countDown();
                });
                scheduler.execute(sibling::countDown);
                done.await();
                await().until(() -> scheduler.carriers() == 1);
                var alsoDone = new CountDownLatch(1);
                other.execute(() -> {
                    allocate(16);
                    alsoDone.countDown();
                });
                alsoDone.await();
            }
            assertAllocated(32, allocated(scheduler) - before);
            assertAllocated(64, allocated(other));
            scheduler.close();
            assertEquals(List.of(), scheduler.awaitCarriers(Duration.ofSeconds(60)));
            assertAllocated(32, allocated(scheduler) - before);
        }
    }

    private static long allocated(Scheduler scheduler) {
        return scheduler.usage().allocatedBytes();
    }

    private static void assertAllocated(long mib, long bytes) {
        assertTrue(bytes >= mib * MIB && bytes < mib * MIB + SLACK, bytes + " for " + mib + " MiB");
    }

    private void allocate(int mib) {
        for (int i = 0; i < mib; i++) {
            sink = new byte[MIB];
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
