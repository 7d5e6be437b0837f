package dev.corral.port;

/** Takes turns. Owned by one acceptor. */
final class RoundRobin {
    private int next;

    /** The next of so many; where their number has changed, goes on from the place that it had reached. */
    int choose(int size) {
        if (next >= size) {
            next = 0;
        }
        return next++;
    }
}
