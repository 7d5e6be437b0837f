package dev.corral.portable;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Unpacks one message, on the receiver's thread. */
final class Unpacker {
    private static final @Nullable Object[] NONE = {};

    private final @Nullable Types types;
    /** The objects that were created for nodes with a number, by that number. */
    private @Nullable Object[] created = NONE;

    Unpacker(Types types) {
        this.types = types;
    }

    private Unpacker() {
        types = null;
    }

    /**
     * Creates an object on the sender's thread, from a node that holds no other node and needs no class of the
     * receiver.
     */
    static Object finish(Node node) {
        return node.create(new Unpacker());
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
            return node.create(this);
        }
        Object before = number < created.length ? created[number] : null;
        if (before != null) {
            return before;
        }
        Object object = node.create(this);
        created(node, object);
        return object;
    }

    /** Records the object for this node, so that all further references to the node become references to the object. */
    void created(Node node, Object object) {
        int number = node.number;
        if (number != 0) {
            if (number >= created.length) {
                created = Arrays.copyOf(created, Math.max(number + 1, 2 * created.length));
            }
            created[number] = object;
        }
    }
}
