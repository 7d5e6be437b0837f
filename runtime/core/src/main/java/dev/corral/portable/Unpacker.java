package dev.corral.portable;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes one message, on the receiver's thread. */
final class Unpacker {
    private static final @Nullable Object[] NONE = {};

    private final @Nullable Types types;
    /** Made already, by number, of those nodes that have one. */
    private @Nullable Object[] made = NONE;

    Unpacker(Types types) {
        this.types = types;
    }

    private Unpacker() {
        types = null;
    }

    /** Makes, on the sender's thread, what takes no class of the receiver: a node that holds no other. */
    static Object finish(Node node) {
        return node.make(new Unpacker());
    }

    Types types() {
        if (types == null) {
            throw new IllegalStateException("takes a class of the receiver");
        }
        return types;
    }

    @Nullable
    Object unpack(@Nullable Object packed) {
        return packed instanceof Node node ? node(node) : packed;
    }

    @Nullable
    Object[] unpack(@Nullable Object[] packed) {
        @Nullable
        Object[] unpacked = new Object[packed.length];
        for (int i = 0; i < packed.length; i++) {
            unpacked[i] = unpack(packed[i]);
        }
        return unpacked;
    }

    Object node(Node node) {
        int number = node.number;
        if (number == 0) {
            return node.make(this);
        }
        Object before = number < made.length ? made[number] : null;
        if (before != null) {
            return before;
        }
        Object object = node.make(this);
        made(node, object);
        return object;
    }

    /** From now on references to the node are references to this object. */
    void made(Node node, Object object) {
        int number = node.number;
        if (number != 0) {
            if (number >= made.length) {
                made = Arrays.copyOf(made, Math.max(number + 1, 2 * made.length));
            }
            made[number] = object;
        }
    }
}
