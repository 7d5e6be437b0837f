package dev.corral.portable;

import dev.corral.NotPortableException;

/** The two halves of handing a message over. */
public final class Marshaller {
    private Marshaller() {}

    /**
     * Turns the body into what can be handed over; the body itself, if it goes by reference. On the sender's thread. The result
     * must be unpacked once only.
     *
     * <p>A {@link dev.corral.Message.Transfer} is taken after all else is packed, so that a refused message takes none.
     *
     * @throws NotPortableException if it, or what it holds, cannot cross
     * @throws IllegalStateException if a transfer in it was sent already
     */
    public static Object pack(Object body, Types receiver) {
        return Codec.of(body.getClass()) == Codec.REFERENCE ? body : new Packer(receiver).root(body);
    }

    /**
     * What was packed for another receiver, and never delivered: made, if this one knows all types in it, else as text. Once only.
     */
    public static Object render(Object packed, Types receiver) {
        try {
            return unpack(packed, receiver);
        } catch (RuntimeException | LinkageError e) { // a type that it does not know, or a constructor that will not have it
            return packed.toString();
        }
    }

    /**
     * Makes what was packed for this receiver. On the receiver's thread. What constructors throw is thrown as it is, if it is
     * unchecked.
     */
    public static Object unpack(Object packed, Types receiver) {
        return packed instanceof Node node ? new Unpacker(receiver).node(node) : packed;
    }
}
