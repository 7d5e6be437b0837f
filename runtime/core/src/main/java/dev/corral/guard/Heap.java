package dev.corral.guard;

import dev.corral.memory.CollectionCounts;

/** The heap as the guard of memory sees it. */
interface Heap {
    /** What has been collected so far. */
    CollectionCounts collections();

    /** What the last collection has left, in bytes; 0 before the first one. */
    long usedBytes();

    /** What is in use now, in bytes, garbage included. */
    long inUseBytes();

    /** What is in use now, in bytes, but for young objects; 0 where that is not known. */
    long oldBytes();

    /**
     * What collections have taken since the start of the JVM, in nanoseconds, exact to the millisecond: while all threads waited, or, with ZGC,
     * those of the whole heap, for which threads wait only when there is no room. Takes no memory, and waits for no lock.
     */
    long collectingNanos();

    /** What it can be at most, in bytes. */
    long maxBytes();

    /** Has everything collected, which may take seconds where that is done concurrently; does not wait for it. Any thread does then this. */
    void collect(Runnable then);

    /** Keeps a small part of it for the moment in which nothing else is left. Any thread. */
    void holdReserve();

    /** Gives half of that part back. Takes no memory. Any thread. */
    void releaseHalfOfReserve();

    /** Gives that part back. Takes no memory. Any thread. */
    void releaseReserve();
}
