package dev.corral.portable;

import dev.corral.NotPortableException;

/** Packs messages for a receiver, and unpacks them there. */
public final class Marshaller {
    private Marshaller() {}

    /**
     * Packs a body on the sender's thread. Returns the body itself if it crosses by reference. The result can be
     * unpacked only once.
     *
     * <p>A {@link dev.corral.Message.Transfer} is taken after everything else is packed, so that a refused message
     * takes none.
     *
     * @throws NotPortableException if the body, or an object that it holds, cannot cross
     * @throws IllegalStateException if a transfer in the body was sent already
     */
    public static Object pack(Object body, Types receiver) {
        return Codec.of(body.getClass()) == Codec.REFERENCE ? body : new Packer(receiver).root(body);
    }

    /**
     * Unpacks a message that was packed for another receiver and never delivered. Returns its text if this receiver
     * does not know all types in it. Called only once per message.
     */
    public static Object render(Object packed, Types receiver) {
        try {
            return unpack(packed, receiver);
        } catch (RuntimeException | LinkageError e) { // an unknown type, or a constructor that refuses the values
            return packed.toString();
        }
    }

    /** Unpacks a message on the receiver's thread. Unchecked exceptions of constructors are thrown as they are. */
    public static Object unpack(Object packed, Types receiver) {
        return packed instanceof Node node ? new Unpacker(receiver).node(node) : packed;
    }
}
