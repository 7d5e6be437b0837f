package dev.corral.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ClassLoadsTest {
    private static final Set<Thread> ME = Set.of(Thread.currentThread());

    private final ClassLoads loads = new ClassLoads();

    private void load(boolean succeeds) {
        try (var load = loads.begin()) {
            if (succeeds) {
                load.succeeded();
            }
        }
    }

    @Test
    void shouldTakeAClassThatWasLoadedForProgressOnce() {
        loads.take();
        load(true);
        assertEquals(ME, loads.take());
        assertEquals(Set.of(), loads.take());
    }

    @Test
    void shouldTakeAClassThatIsBeingLoadedForProgress() {
        try (var load = loads.begin()) {
            assertEquals(ME, loads.take());
            assertEquals(ME, loads.take());
            load.succeeded();
        }
        assertEquals(ME, loads.take());
        assertEquals(Set.of(), loads.take());
    }

    @Test
    void shouldTakeNoClassThatIsNotThereForProgress() {
        loads.take();
        load(false);
        assertEquals(Set.of(), loads.take());
        load(false);
        try (var _ = loads.begin()) { // the next one of a loop
            assertEquals(Set.of(), loads.take());
        }
        assertEquals(Set.of(), loads.take());
    }

    @Test
    void shouldMindNoFailureBesideASuccess() {
        loads.take();
        load(false);
        load(true);
        load(false);
        assertEquals(ME, loads.take());
    }

    @Test
    void shouldSeeClassesThatAnotherOneNeeds() {
        loads.take();
        try (var _ = loads.begin()) {
            load(true);
            assertEquals(ME, loads.take());
            load(false);
            assertEquals(Set.of(), loads.take());
            assertEquals(ME, loads.take());
        }
        assertEquals(Set.of(), loads.take());
    }
}
