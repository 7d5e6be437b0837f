package dev.corral.memory;

/**
 * Collections that have ended so far in this JVM.
 *
 * @param all of any kind, each pause of a concurrent cycle that is counted included
 * @param full that stopped all threads and looked at the whole heap
 * @param cycles concurrent ones over the whole heap, or, of collectors that count those, their pauses; at most two of these a cycle
 * @param asked of the whole heap, because the guard has asked for them
 */
public record Collections(long all, long full, long cycles, long asked) {
    /**
     * So many ends of cycles, or of their pauses, are the end of one that began after the first count: two may belong to the one
     * that was under way then.
     */
    private static final int SURELY_BEGUN = 3;

    /** Whether one that looked at the whole heap has both begun and ended since. */
    public boolean haveSeenAllSince(Collections earlier) {
        return full > earlier.full || asked > earlier.asked || cycles - earlier.cycles >= SURELY_BEGUN;
    }

    /** How many of any kind have ended since. */
    long countSince(Collections earlier) {
        return all - earlier.all;
    }
}
