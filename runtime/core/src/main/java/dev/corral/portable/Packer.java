package dev.corral.portable;

import dev.corral.Message.Transfer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs one message, on the sender's thread. */
final class Packer {
    /**
     * The deepest nesting of objects. This number of levels fits into the stack of any thread, at the sender and at the
     * receiver.
     */
    static final int MAX_DEPTH = 1000;
    /** The result of an object to which nothing can refer before it is created. */
    private static final Object IN_PROGRESS = new Object();

    private final Types types;
    /** The objects that were packed already; created with the first object that must be recognized. */
    private @Nullable Seen seen;
    /** The transfers in the message; an immutable empty list until the first one. */
    private List<TransferNode> transfers = List.of();
    private int depth;
    private int numbers;

    Packer(Types types) {
        this.types = types;
    }

    Types types() {
        return types;
    }

    Object root(Object body) {
        Object packed;
        try {
            packed = pack(body, Codec.of(body.getClass()));
        } catch (Refusal e) {
            throw e.below(ValuePath.root(body.getClass()));
        }
        transfers.forEach(TransferNode::take);
        return packed;
    }

    /**
     * Packs an object: returns the object itself, a finished copy, or the node from which the receiver creates its
     * copy.
     */
    @Nullable
    Object pack(@Nullable Object object) {
        if (object == null) {
            return null;
        }
        return pack(object, Codec.of(object.getClass()));
    }

    /** Does the same as {@link #pack(Object)}, with the codec of the object's class. */
    Object pack(Object object, Codec codec) {
        if (codec == Codec.REFERENCE) {
            return object;
        }
        Object before = codec.isTracked() && seen != null ? seen.get(object) : null;
        if (before != null) {
            return again(object, before);
        }
        if (++depth > MAX_DEPTH) {
            throw new Refusal("nested deeper than " + MAX_DEPTH + " levels");
        }
        Object packed = codec.pack(object, this);
        depth--;
        return packed;
    }

    private Object again(Object object, Object before) {
        if (before == IN_PROGRESS) {
            throw new Refusal("leads back to the " + object.getClass().getTypeName()
                    + " that holds it; such a cycle must begin at an array or a collection that can be changed");
        }
        if (before instanceof Node node && node.number == 0) {
            node.number = ++numbers;
        }
        return before;
    }

    /** Records the result for an object whose contents are packed after this call, in case the contents refer to it. */
    void enter(Object object, Object result) {
        know(object, result);
    }

    /** Records that an object is being packed to which its contents cannot refer. */
    void enter(Object object) {
        know(object, IN_PROGRESS);
    }

    /** Records the final result for an object after its contents were packed. */
    Object leave(Object object, Object result) {
        know(object, result);
        return result;
    }

    private void know(Object object, Object result) {
        if (seen == null) {
            seen = new Seen();
        }
        seen.put(object, result);
    }

    Node transfer(Transfer transfer, boolean stays) {
        for (TransferNode other : transfers) {
            if (other.isOf(transfer)) {
                throw new Refusal("a transfer can be sent once, and is in the message twice");
            }
        }
        if (transfers.isEmpty()) {
            transfers = new ArrayList<>();
        }
        var node = new TransferNode(transfer, stays);
        transfers.add(node);
        return node;
    }
}
