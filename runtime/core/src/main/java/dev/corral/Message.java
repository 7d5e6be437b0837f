package dev.corral;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a worker or the master was sent. Belongs to its receiver, all of whose threads may use it.
 */
public interface Message {
    /** What was sent, as the receiver sees it: a value that is immutable itself, or a copy that is the receiver's own. */
    Object body();

    /** {@link Worker#id} of the worker that sent it; 0 if the master did. */
    long from();

    /** Whether the sender waits for a {@link #reply}. */
    boolean wantsReply();

    /**
     * Answers it, from any thread of the receiver, once. What may be sent may be replied.
     *
     * @throws IllegalStateException if no reply is wanted, or there was one
     * @throws NotPortableException if the sender cannot be given that body
     */
    void reply(Object body);

    /**
     * Hands the array over without a copy; the sender must not touch it any more. Can be sent once. The receiver gets the
     * {@code byte[]}; where the sender's record component or array is declared to hold a {@link Transfer}, the receiver's does as
     * well, and {@link Transfer#take} gives it the array. If the message was not taken, since there was no room or the receiver had
     * ended, the array is still the sender's, for another transfer.
     */
    static Transfer transfer(byte[] bytes) {
        return Transfer.of(bytes);
    }

    /** An array on its way from a sender to a receiver, without a copy. Any thread. */
    final class Transfer {
        /** Null once it was taken. */
        private final AtomicReference<byte @Nullable []> bytes;

        private Transfer(byte[] bytes) {
            this.bytes = new AtomicReference<>(bytes);
        }

        /** As {@link Message#transfer}. */
        public static Transfer of(byte[] bytes) {
            if (bytes == null) {
                throw new NullPointerException("bytes");
            }
            return new Transfer(bytes);
        }

        /**
         * Takes the array, once: the receiver does, and sending does. A message that is refused takes nothing.
         *
         * @throws IllegalStateException if it was taken or sent before
         */
        public byte[] take() {
            byte @Nullable [] taken = bytes.getAndSet(null);
            if (taken == null) {
                throw new IllegalStateException("the transfer was sent already: it can be sent or taken once");
            }
            return taken;
        }

        /** Whether the array is gone: sent, or taken. */
        public boolean taken() {
            return bytes.get() == null;
        }
    }
}
