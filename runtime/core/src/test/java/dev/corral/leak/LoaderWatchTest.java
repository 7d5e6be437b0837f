package dev.corral.leak;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.corral.leak.LoaderWatch.Finding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class LoaderWatchTest {
    private GcCounts counts = new GcCounts(100, 10, 20);
    private @Nullable ClassLoader loader = new ClassLoader() {};
    private final LoaderWatch watch = new LoaderWatch(loader, () -> counts);

    @Test
    void shouldCallALoaderLeakedThatOutlivesThreeFullCollections() {
        assertEquals(Finding.UNKNOWN, after(5, 5, 1));
        assertEquals(Finding.UNKNOWN, after(1, 1, 1));
        assertEquals(Finding.UNKNOWN, after(0, 0, 0));
        assertEquals(Finding.LEAKED, after(1, 1, 1));
    }

    /** What dead objects of the old generation refer to is not collected before it is old. */
    @Test
    void shouldCountUnloadingsOnlyAfterAllIsOld() {
        assertEquals(Finding.UNKNOWN, after(63, 0, 30));
        assertEquals(Finding.UNKNOWN, after(1, 0, 1));
        assertEquals(Finding.UNKNOWN, after(2, 0, 2));
        assertEquals(Finding.LEAKED, after(1, 0, 1));
    }

    @Test
    void shouldSayNothingOfOneThatTheCollectorHasNotLookedFor() {
        assertEquals(Finding.UNKNOWN, after(1_000, 0, 0));
        assertEquals(Finding.UNKNOWN, after(1_000, 0, 2));
    }

    @Test
    void shouldSeeThatItIsCollected() {
        loader = null;
        await().until(() -> {
            System.gc();
            return watch.check() == Finding.COLLECTED;
        });
    }

    private Finding after(long all, long full, long unloadings) {
        counts = new GcCounts(counts.all() + all, counts.full() + full, counts.unloadings() + unloadings);
        return watch.check();
    }
}
