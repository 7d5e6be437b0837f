package dev.corral.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("c2")
class PathToLoaderTest {
    private static @Nullable Object holder;

    private final ClassLoader loader = new Named();

    private static final class Named extends ClassLoader {
        Named() {
            super("sought", null);
        }
    }

    /** A nested holder, through an inherited field. */
    private static class Base {
        final Object inherited;

        Base(Object inherited) {
            this.inherited = inherited;
        }
    }

    private static final class Derived extends Base {
        Derived(Object inherited) {
            super(inherited);
        }
    }

    private static final String STATIC = "static " + PathToLoaderTest.class.getName() + ".holder ";

    @AfterEach
    void letGo() {
        holder = null;
    }

    /** Among all that this JVM has. */
    @Test
    void shouldFindItFromWhatIsLoaded() {
        holder = loader;
        assertEquals(STATIC + "(class loader sought)", PathToLoader.to(loader));
    }

    @Test
    void shouldTellTheStaticFieldAndTheWayFromIt() {
        holder = List.of(1, 2, new Object[]{null, new Derived(loader)});
        assertEquals(STATIC
                + "(java.util.ImmutableCollections$ListN) -> elements (java.lang.Object[]) -> [2] (java.lang.Object[])"
                + " -> [1] (" + Derived.class.getName() + ") -> inherited (class loader sought)", path());
    }

    @Test
    void shouldTellAThread() throws Exception {
        var started = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Thread thread = keeper(new WeakReference<>(loader), started, over);
        thread.start();
        try {
            started.await();
            assertTrue(
                    path(List.of(thread))
                            .matches("thread keeper .*-> threadLocals .*-> table .*-> value \\(class loader sought\\)"),
                    path(List.of(thread)));
        } finally {
            over.countDown();
            thread.join();
        }
    }

    /** Holds it in a thread local only. */
    private static Thread keeper(WeakReference<Object> kept, CountDownLatch started, CountDownLatch over) {
        return new Thread(() -> {
            ThreadLocal<@Nullable Object> local = new ThreadLocal<>();
            local.set(kept.get());
            started.countDown();
            try {
                over.await();
            } catch (InterruptedException e) {
                // it is over as well
            }
            local.remove();
        }, "keeper");
    }

    @Test
    void shouldTellAShortestWay() {
        Object[] inner = {loader};
        for (int i = 0; i < 100; i++) {
            inner = new Object[]{inner};
        }
        holder = new Object[]{inner, new Object[]{loader}};
        assertEquals(STATIC + "(java.lang.Object[]) -> [1] (java.lang.Object[]) -> [0] (class loader sought)", path());
    }

    @Test
    void shouldLeaveOutTheMiddleOfALongWay() {
        holder = IntStream.range(0, 100).boxed().reduce((Object) loader, (inner, _) -> new Object[]{inner},
                (_, last) -> last);
        assertTrue(path().contains(" -> ... 85 more ... -> "), path());
    }

    @Test
    void shouldFollowNothingThatIsHeldWeakly() {
        var weakly = new WeakHashMap<Object, Object>();
        weakly.put(loader, 1);
        holder = List.of(new WeakReference<>(loader), weakly);
        assertTrue(path().startsWith("nothing that Java could see among "), path());
        assertTrue(path().endsWith("a heap dump shows the path to the class loader named sought"), path());
    }

    @Test
    void shouldFollowWhatIsHeldSoftly() {
        holder = new SoftReference<>(loader);
        assertEquals(STATIC + "(java.lang.ref.SoftReference) -> referent (class loader sought)", path());
    }

    @Test
    void shouldFindValuesOfAMapWithWeakKeys() {
        var weakly = new WeakHashMap<Object, Object>();
        weakly.put(this, loader);
        holder = weakly;
        assertTrue(path().endsWith("-> value (class loader sought)"), path());
    }

    @Test
    void shouldGiveUpAtALimit() {
        holder = new Object[]{IntStream.range(0, 200).mapToObj(_ -> new Object()).toArray(),
                new Object[]{new Object[]{loader}}};
        assertEquals(
                "nothing found among the first 100 objects; a heap dump shows the path to the class loader named sought",
                PathToLoader.to(loader, List.of(), List.of(PathToLoaderTest.class), 100));
    }

    private String path() {
        return path(List.of());
    }

    private String path(List<Thread> threads) {
        return PathToLoader.to(loader, threads, List.of(PathToLoaderTest.class), 100_000);
    }
}
