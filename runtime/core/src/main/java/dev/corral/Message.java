package dev.corral;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A message that a worker or the master has received. It belongs to its receiver. Thread-safe. */
public interface Message {
    /** Returns the content as the receiver sees it: an immutable value, or a copy that belongs to the receiver. */
    Object body();

    /** Returns the {@link Worker#id} of the worker that sent it, or 0 if the master sent it. */
    long from();

    /** Returns whether the sender waits for a {@link #reply}. */
    boolean wantsReply();

    /**
     * Sends the reply. Any thread of the receiver may call this, once. A reply may contain what a message may contain.
     *
     * @throws IllegalStateException if the sender waits for no reply, or was sent one already
     * @throws NotPortableException if something in the reply may not cross
     */
    void reply(Object body);

    /**
     * Creates a transfer, which hands an array to the receiver without a copy. The sender must not use the array
     * afterwards, and can send the transfer once. The receiver gets the {@code byte[]}. Where the sender's record
     * component or array is declared to hold a {@link Transfer}, the receiver's holds a Transfer as well, and
     * {@link Transfer#take} returns the array. If the message was not taken, because there was no room or the receiver
     * had ended, the sender keeps the array and may create another transfer.
     */
    static Transfer transfer(byte[] bytes) {
        return Transfer.of(bytes);
    }

    /** An array on its way from a sender to a receiver, without a copy. Thread-safe. */
    final class Transfer {
        /** Null once the array was taken. */
        private final AtomicReference<byte @Nullable []> bytes;

        private Transfer(byte[] bytes) {
            this.bytes = new AtomicReference<>(bytes);
        }

        /** Creates a transfer, as {@link Message#transfer} does. */
        public static Transfer of(byte[] bytes) {
            if (bytes == null) {
                throw new NullPointerException("bytes");
            }
            return new Transfer(bytes);
        }

        /**
         * Takes the array. Sending a message takes it from the sender's transfer; the receiver takes it from its own. A
         * message that is refused does not take the array.
         *
         * @throws IllegalStateException if the array was taken or sent before
         */
        public byte[] take() {
            byte @Nullable [] taken = bytes.getAndSet(null);
            if (taken == null) {
                throw new IllegalStateException("the transfer was sent already: it can be sent or taken once");
            }
            return taken;
        }

        /** Returns whether the array was sent or taken. */
        public boolean taken() {
            return bytes.get() == null;
        }
    }
}
