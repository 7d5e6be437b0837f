package dev.corral.bench.compare;

import java.time.Duration;

/** How long to measure. */
enum Effort {
    /** Whole run about eight minutes: shows that everything works; its figures are rough. */
    QUICK,
    /** Whole run some 40 minutes. */
    FULL;

    /** Of most rows: see {@link Row#budget}. */
    Duration budget() {
        return Duration.ofSeconds(of(12, 130));
    }

    int of(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
