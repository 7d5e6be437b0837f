package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import dev.corral.Message;
import dev.corral.portable.Parcel;
import org.jspecify.annotations.Nullable;

/** One message: packed while it is on its way, then what the handler is given. */
final class Letter implements Message {
    /** Not an ask. */
    static final long NO_ASK = 0;

    private final long from;
    private final long ask;
    /** Packed by the sender; unpacked by the receiver's thread before anybody else sees it. */
    private Object body;
    /** Who has received it. Null on the way, so that nothing of the receiver is reachable by what it has not received. */
    private @Nullable Side receiver;
    /** Guarded by the monitor. */
    private boolean answered;

    /**
     * Ready to be sent.
     *
     * @param ask number by which the asker knows the reply, or {@link #NO_ASK}
     * @param packed by the types of the receiver
     */
    Letter(long from, long ask, Object packed) {
        this.from = from;
        this.ask = ask;
        this.body = packed;
    }

    /** Unpacks it, which may run code of the receiver. By the receiver's thread, once. */
    void open(Side receiver) {
        this.receiver = receiver;
        body = Parcel.unpack(body, receiver.types());
    }

    long ask() {
        return ask;
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
        return ask != NO_ASK;
    }

    @Override
    public void reply(Object reply) {
        requireNonNull(reply, "reply");
        if (!wantsReply()) {
            throw new IllegalStateException("no reply is wanted: the message from " + Post.nameOf(from)
                    + " was sent, not asked");
        }
        requireNonNull(receiver, "only a received message is handed out").reply(this, reply);
    }

    /** True for the first who answers it. */
    synchronized boolean claimAnswer() {
        boolean first = !answered;
        answered = true;
        return first;
    }
}
