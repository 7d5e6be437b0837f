package dev.corral.bench.compare.report;

/** How much time the measurement takes. */
public enum Effort {
    /** The whole run takes about eight minutes. It shows that everything works; its figures are rough. */
    QUICK,
    /** The whole run takes about 40 minutes. */
    FULL;

    /** Returns one of these values. */
    public int of(int quick, int full) {
        return this == QUICK ? quick : full;
    }
}
