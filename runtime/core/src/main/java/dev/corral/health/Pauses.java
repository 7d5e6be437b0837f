package dev.corral.health;

import static java.util.Objects.requireNonNull;

import dev.corral.Subscription;
import dev.corral.text.Quantities;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The times during which a worker misses no checks, because it has requested that. Thread-safe. */
public final class Pauses {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** The pauses, by identity. {@link #isPaused} removes those that are over. */
    private final Set<Pause> pauses = ConcurrentHashMap.newKeySet();

    private static final class Pause implements Subscription {
        private final Set<Pause> all;
        private final long startNanos = System.nanoTime();
        private final long nanos;

        Pause(Set<Pause> all, long nanos) {
            this.all = all;
            this.nanos = nanos;
        }

        boolean isOver() {
            return System.nanoTime() - startNanos > nanos;
        }

        @Override
        public void close() {
            all.remove(this);
        }
    }

    /**
     * Begins a pause.
     *
     * @throws IllegalArgumentException if the length is not more than 0 and at most 1 h
     */
    public Subscription begin(Duration atMost) {
        requireNonNull(atMost, "atMost");
        if (atMost.compareTo(LONGEST) > 0 || !atMost.isPositive()) {
            throw new IllegalArgumentException(
                    "the pause is " + Quantities.text(atMost) + "; it must be more than 0 and at most 1 h");
        }
        var pause = new Pause(pauses, atMost.toNanos());
        pauses.add(pause);
        return pause;
    }

    /** Returns whether there is a pause now. */
    boolean isPaused() {
        pauses.removeIf(Pause::isOver);
        return !pauses.isEmpty();
    }
}
