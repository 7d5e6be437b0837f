package dev.corral.portable;

import dev.corral.Message.Transfer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs one message, on the sender's thread. */
final class Packer {
    /** Levels of what holds something. So many fit the stack of any thread, here and at the receiver. */
    static final int MAX_DEPTH = 1000;
    /** In place of the result of what cannot be referred to before it is made. */
    private static final Object IN_PROGRESS = new Object();

    private final Types types;
    /** Made with the first object that is to be known again. */
    private @Nullable Seen seen;
    /** Replaced by a list of its own with the first. */
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

    /** The object itself, or a finished copy, or the node of what the receiver is to make. */
    @Nullable
    Object pack(@Nullable Object object) {
        if (object == null) {
            return null;
        }
        return pack(object, Codec.of(object.getClass()));
    }

    /** As {@link #pack(Object)}, with the codec of its class. */
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

    /** Before what an object holds is packed: what stands for it if it is met again. */
    void enter(Object object, Object result) {
        know(object, result);
    }

    /** As {@link #enter}, for one that is made only after all it holds. */
    void enter(Object object) {
        know(object, IN_PROGRESS);
    }

    /** After that: what has become of it. */
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
