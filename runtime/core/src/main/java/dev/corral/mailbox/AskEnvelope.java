package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** One whose sender waits for a reply. */
final class AskEnvelope extends Envelope {
    private final long ask;
    /** Who has received it. Null on the way, so that nothing of the receiver is reachable by what it has not received. */
    private @Nullable MessageEndpoint receiver;
    /** Guarded by the monitor. */
    private boolean answered;

    /**
     * Ready to be sent.
     *
     * @param ask number by which the asker knows the reply
     * @param packed by the types of the receiver
     */
    AskEnvelope(long from, long ask, Object packed) {
        super(from, packed);
        this.ask = ask;
    }

    @Override
    void open(MessageEndpoint receiver) {
        this.receiver = receiver;
        super.open(receiver);
    }

    long ask() {
        return ask;
    }

    @Override
    public boolean wantsReply() {
        return true;
    }

    @Override
    public void reply(Object reply) {
        requireNonNull(reply, "reply");
        requireNonNull(receiver, "only a received message is handed out").reply(this, reply);
    }

    /** True for the first who answers it. */
    synchronized boolean claimAnswer() {
        boolean first = !answered;
        answered = true;
        return first;
    }
}
