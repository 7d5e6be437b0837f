package dev.corral.memory;

/**
 * The numbers of collections that have ended in this JVM so far.
 *
 * @param all collections of any kind, including each pause of a concurrent cycle that the JVM counts
 * @param full collections that stopped all threads and traced the whole heap
 * @param majors concurrent collections of the whole heap, which have freed the garbage that they found when they end
 * @param marks pauses of concurrent cycles that mark the whole heap, two per cycle
 * @param asked collections of the whole heap that the memory guard requested
 */
public record CollectionCounts(long all, long full, long majors, long marks, long asked) {
    /**
     * After this many ends of collections, one of these collections began after the first count: another one may have
     * been under way at that time.
     */
    private static final int SURELY_BEGUN = 2;
    /** The same for pauses of marking cycles: two may belong to the cycle that was under way. */
    private static final int SURELY_MARKED = 3;

    /** Returns whether a collection of the whole heap has both begun and ended since the earlier counts. */
    public boolean haveSeenAllSince(CollectionCounts earlier) {
        return full > earlier.full || asked > earlier.asked || majors - earlier.majors >= SURELY_BEGUN
                || marks - earlier.marks >= SURELY_MARKED;
    }

    /**
     * Returns whether a collection of the whole heap has ended since the earlier counts. If so, what is in use is not
     * garbage, except for what is new.
     */
    boolean haveFreedSince(CollectionCounts earlier) {
        return full > earlier.full || asked > earlier.asked || majors > earlier.majors;
    }

    /**
     * Returns whether the whole heap is collected concurrently. Such a collection takes long, and no other one shows
     * what is live.
     */
    boolean areConcurrent() {
        return majors > 0;
    }

    /** Returns the number of collections of any kind that have ended since the earlier counts. */
    long countSince(CollectionCounts earlier) {
        return all - earlier.all;
    }
}
