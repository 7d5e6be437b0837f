package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import dev.corral.Message;
import dev.corral.portable.Marshaller;

/**
 * One message: packed while it is on its way, then what the handler is given. The receiver does not write to one that it need not unpack:
 * it was written by another core, which would have to give it away.
 */
sealed class Envelope implements Message permits AskEnvelope {
    private final long from;
    /** Packed by the sender; unpacked by the receiver's thread before anybody else sees it. */
    private Object body;

    /**
     * Ready to be sent.
     *
     * @param packed by the types of the receiver
     */
    Envelope(long from, Object packed) {
        this.from = from;
        this.body = packed;
    }

    /** Unpacks it, which may run code of the receiver. By the receiver's thread, once. */
    void open(MessageEndpoint receiver) {
        Object unpacked = Marshaller.unpack(body, receiver.types());
        if (unpacked != body) {
            body = unpacked;
        }
    }

    @Override
    public Object body() {
        return body;
    }

    @Override
    public long from() {
        return from;
    }

    @Override
    public boolean wantsReply() {
        return false;
    }

    @Override
    public void reply(Object reply) {
        requireNonNull(reply, "reply");
        throw new IllegalStateException("no reply is wanted: the message from " + MessageHub.nameOf(from)
                + " was sent, not asked");
    }
}
