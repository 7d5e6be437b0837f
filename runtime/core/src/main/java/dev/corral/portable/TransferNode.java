package dev.corral.portable;

import dev.corral.Message.Transfer;
import org.jspecify.annotations.Nullable;

/** An array that is handed over without a copy. */
final class TransferNode extends Node {
    /** The transfer; null after its array was taken. Owned by the packing thread. */
    private @Nullable Transfer transfer;
    private final boolean stays;
    private byte @Nullable [] bytes;

    /**
     * @param stays whether the receiver gets a transfer as well, rather than the array
     */
    TransferNode(Transfer transfer, boolean stays) {
        if (transfer.taken()) {
            throw new IllegalStateException("the transfer was sent already: it can be sent or taken once");
        }
        this.transfer = transfer;
        this.stays = stays;
    }

    boolean isOf(Transfer other) {
        return transfer == other;
    }

    void take() {
        if (transfer != null) {
            bytes = transfer.take();
            transfer = null;
        }
    }

    @Override
    Object create(Unpacker unpacker) {
        if (bytes == null) {
            throw new IllegalStateException("not taken");
        }
        return stays ? Transfer.of(bytes) : bytes;
    }
}
