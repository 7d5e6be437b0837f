package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import dev.corral.Message;
import dev.corral.portable.Marshaller;

/**
 * One message. On its way it holds a packed body; {@link #open} replaces that by the body which the handler receives.
 * The receiver does not write to the envelope if packed and unpacked body are the same object: the core of the sender
 * wrote the cache line, and a write would take the line away from that core.
 */
sealed class Envelope implements Message permits AskEnvelope {
    private final long from;
    /** Packed by the sender. Unpacked by the receiver's thread before any other thread sees it. */
    private Object body;

    /**
     * Creates an envelope that is ready to be sent.
     *
     * @param from the id of the sender
     * @param packed the body, packed for the types of the receiver
     */
    Envelope(long from, Object packed) {
        this.from = from;
        this.body = packed;
    }

    /** Unpacks the body, which may run code of the receiver. Called once, by the receiver's thread. */
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
