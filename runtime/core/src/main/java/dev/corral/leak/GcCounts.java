package dev.corral.leak;

import dev.corral.hotspot.Collectors;

/**
 * The numbers of collections in this JVM so far.
 *
 * @param all collections of any kind; concurrent cycles and their pauses count separately, as far as the collector
 *        counts them
 * @param full collections that stopped all threads and traced the whole heap; always 0 with ZGC and Shenandoah, which
 *        have none
 * @param unloadings collections that unloaded classes, as {@link Unloadings} counts them
 */
record GcCounts(long all, long full, long unloadings) {
    static GcCounts now() {
        return new GcCounts(Collectors.count(), Collectors.fullCount(), Unloadings.count());
    }
}
