package dev.corral.worker;

import dev.corral.memory.Collections;

/** The heap as the guard of memory sees it. */
interface Heap {
    /** What has been collected so far. */
    Collections collections();

    /** What the last collection has left, in bytes; 0 before the first one. */
    long usedBytes();

    /** What it can be at most, in bytes. */
    long maxBytes();

    /** Has everything collected, and waits for it. */
    void collect();
}
