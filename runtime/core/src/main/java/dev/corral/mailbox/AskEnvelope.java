package dev.corral.mailbox;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A message whose sender waits for a reply. */
final class AskEnvelope extends Envelope {
    private final long ask;
    /**
     * The endpoint that has received it. Null until then, so that an envelope that was not received keeps nothing of
     * the receiver reachable.
     */
    private @Nullable MessageEndpoint receiver;
    /** Whether a reply or a failure has been chosen as the answer. Guarded by the monitor. */
    private boolean answered;

    /**
     * Creates an envelope that is ready to be sent.
     *
     * @param ask the number by which the asker finds the ask that a reply belongs to
     * @param packed the body, packed for the types of the receiver
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

    /** Claims the right to answer; true for the first caller only. */
    synchronized boolean claimAnswer() {
        boolean first = !answered;
        answered = true;
        return first;
    }
}
