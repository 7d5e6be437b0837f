package dev.corral.leak;

import dev.corral.hotspot.Collectors;

/**
 * What the collector has done so far in this JVM.
 *
 * @param all collections of any kind; cycles and their pauses each, as far as the collector counts them
 * @param full those that stopped the world and looked at everything; none with ZGC and Shenandoah, which have no such thing
 * @param unloadings those that unloaded classes, as {@link Unloadings} has it
 */
record GcCounts(long all, long full, long unloadings) {
    static GcCounts now() {
        return new GcCounts(Collectors.count(), Collectors.fullCount(), Unloadings.count());
    }
}
