package dev.corral.worker;

import dev.corral.memory.Collections;

/** The heap as the guard of memory sees it. */
interface Heap {
    /** What has been collected so far. */
    Collections collections();

    /** What the last collection has left, in bytes; 0 before the first one. */
    long usedBytes();

    /** What is in use now, in bytes, garbage included. */
    long inUseBytes();

    /** What it can be at most, in bytes. */
    long maxBytes();

    /** Has everything collected, which may take seconds where that is done concurrently; does not wait for it. Any thread does then this. */
    void collect(Runnable then);
}
