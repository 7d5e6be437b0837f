package dev.corral.bench.compare;

import java.time.Duration;

/** How much time the measurement takes. */
enum Effort {
    /** The whole run takes about eight minutes. It shows that everything works; its figures are rough. */
    QUICK,
    /** The whole run takes about 40 minutes. */
    FULL;

    /** Returns the budget of most rows: see {@link Row#budget}. */
    Duration budget() {
        return Duration.ofSeconds(of(12, 130));
    }

    int of(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
