package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * A description of an object that the receiver creates. It refers to no class of the sender's or the receiver's loader.
 */
abstract class Node {
    /**
     * A number from 1, unique in its message, if there are several references to this node; otherwise 0. Owned by the
     * packing thread until the message is handed over.
     */
    int number;

    /** Creates the object. An object that is filled later is passed to {@link Unpacker#created} before it is filled. */
    abstract Object create(Unpacker unpacker);

    static boolean areIn(@Nullable Object[] packed) {
        for (Object each : packed) {
            if (each instanceof Node) {
                return true;
            }
        }
        return false;
    }
}
