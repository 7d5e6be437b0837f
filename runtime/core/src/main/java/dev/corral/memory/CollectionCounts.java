package dev.corral.memory;

/**
 * Collections that have ended so far in this JVM.
 *
 * @param all of any kind, each pause of a concurrent cycle that is counted included
 * @param full that stopped all threads and looked at the whole heap
 * @param majors concurrent ones over the whole heap, which had freed what they found when they ended
 * @param marks pauses of concurrent cycles that find out what of the whole heap is garbage, two a cycle
 * @param asked of the whole heap, because the guard has asked for them
 */
public record CollectionCounts(long all, long full, long majors, long marks, long asked) {
    /** So many ends are the end of a collection that began after the first count: one may have been under way then. */
    private static final int SURELY_BEGUN = 2;
    /** Likewise of the pauses: two may belong to the one that was under way. */
    private static final int SURELY_MARKED = 3;

    /** Whether one that looked at the whole heap has both begun and ended since. */
    public boolean haveSeenAllSince(CollectionCounts earlier) {
        return full > earlier.full || asked > earlier.asked || majors - earlier.majors >= SURELY_BEGUN
                || marks - earlier.marks >= SURELY_MARKED;
    }

    /** Whether one of the whole heap has ended since, so that what is in use now is not garbage, but for what is new. */
    boolean haveFreedSince(CollectionCounts earlier) {
        return full > earlier.full || asked > earlier.asked || majors > earlier.majors;
    }

    /** Whether the whole heap is collected concurrently, which takes long; nothing else finds out what is live. */
    boolean areConcurrent() {
        return majors > 0;
    }

    /** How many of any kind have ended since. */
    long countSince(CollectionCounts earlier) {
        return all - earlier.all;
    }
}
