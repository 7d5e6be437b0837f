package dev.corral.bench.compare;

import java.time.Duration;

/** How long to measure. */
enum Effort {
    /** Whole run about a minute: shows that everything works; its figures are rough. */
    QUICK,
    /** Whole run about ten minutes. */
    FULL;

    /** After which a row begins no round more: a busy machine makes a rougher page, not a longer wait. */
    Duration budget() {
        return Duration.ofSeconds(of(12, 130));
    }

    int of(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
