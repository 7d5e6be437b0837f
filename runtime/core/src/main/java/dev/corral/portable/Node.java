package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/** What the receiver is to make. Refers to no class of the sender's loader or of the receiver's. */
abstract class Node {
    /** From 1, in one message, if there are several references to it; else 0. Owned by the packing thread until it is handed over. */
    int number;

    /** Makes it. What can be filled later is told to {@link Unpacker#made} before it is filled. */
    abstract Object make(Unpacker unpacker);

    static boolean areIn(@Nullable Object[] packed) {
        for (Object each : packed) {
            if (each instanceof Node) {
                return true;
            }
        }
        return false;
    }
}
