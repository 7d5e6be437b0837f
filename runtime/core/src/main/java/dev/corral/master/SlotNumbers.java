package dev.corral.master;

import java.util.BitSet;

/** The slot numbers that are in use. The lowest free number is taken first. Thread-safe. */
final class SlotNumbers {
    private final BitSet taken = new BitSet();

    synchronized int take() {
        int number = taken.nextClearBit(0);
        taken.set(number);
        return number;
    }

    synchronized void giveBack(int number) {
        taken.clear(number);
    }

    synchronized int count() {
        return taken.cardinality();
    }
}
