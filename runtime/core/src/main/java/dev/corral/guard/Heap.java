package dev.corral.guard;

import dev.corral.memory.CollectionCounts;

/** The heap, as the memory guard sees it. */
interface Heap {
    /** Returns the numbers of collections so far. */
    CollectionCounts collections();

    /** Returns the bytes that the last collection has left; 0 before the first one. */
    long usedBytes();

    /** Returns the bytes that are in use now, including garbage. */
    long inUseBytes();

    /** Returns the bytes that are in use now, without young objects; 0 where that is not known. */
    long oldBytes();

    /**
     * Returns the time that collections have taken since the start of the JVM, in nanoseconds, exact to the
     * millisecond. Counts collections during which all threads waited; with ZGC, collections of the whole heap, for
     * which threads wait only when there is no room. Allocates nothing and waits for no lock.
     */
    long collectingNanos();

    /** Returns the largest size of the heap, in bytes. */
    long maxBytes();

    /**
     * Starts a collection of the whole heap. Returns at once; the collection may take seconds if it is concurrent.
     *
     * @param then is called after the collection, on another thread
     */
    void collect(Runnable then);

    /**
     * Allocates the reserve, a small part of the heap that is released when no other memory is left. Any thread may
     * call it.
     */
    void holdReserve();

    /** Releases half of the reserve. Allocates nothing. Any thread may call it. */
    void releaseHalfOfReserve();

    /** Releases the reserve. Allocates nothing. Any thread may call it. */
    void releaseReserve();
}
