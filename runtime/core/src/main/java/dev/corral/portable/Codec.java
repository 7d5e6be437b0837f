package dev.corral.portable;

import dev.corral.Message.Transfer;

/**
 * How objects of one class are packed. Hangs on that class, and refers to nothing of another loader, so it pins nothing.
 * Any thread.
 */
abstract class Codec {
    /** Of those classes whose objects go as they are. */
    static final Codec REFERENCE = new Codec(false) {
        @Override
        Object pack(Object object, Packer packer) {
            return object;
        }
    };

    private static final ClassValue<Codec> CODECS = new ClassValue<>() {
        @Override
        protected Codec computeValue(Class<?> type) {
            return choose(type);
        }
    };

    private final boolean isTracked;

    /** @param isTracked whether an object that is met again is not packed again */
    Codec(boolean isTracked) {
        this.isTracked = isTracked;
    }

    static Codec of(Class<?> type) {
        return CODECS.get(type);
    }

    private static Codec choose(Class<?> type) {
        if (References.include(type)) {
            return REFERENCE;
        }
        if (type.isArray()) {
            return ArrayCodec.of(type);
        }
        if (type == Transfer.class) {
            return new TransferCodec();
        }
        if (type.isRecord()) {
            return RecordCodec.of(type);
        }
        if (Enum.class.isAssignableFrom(type)) {
            return new EnumCodec(type);
        }
        return Types.areOfJdk(type) ? JdkCodecs.of(type) : new SharedCodec(type);
    }

    final boolean isTracked() {
        return isTracked;
    }

    /** Whether what it packs may lead back to its holder, or hold much. */
    final boolean holds() {
        return isTracked && !(this instanceof EnumCodec);
    }

    /** The object itself, or a finished copy, or the node of what the receiver is to make. */
    abstract Object pack(Object object, Packer packer);

    /** Refuses all. */
    static Codec refusing(String reason) {
        return new Codec(false) {
            @Override
            Object pack(Object object, Packer packer) {
                throw new Refusal(reason);
            }
        };
    }

    private static final class TransferCodec extends Codec {
        TransferCodec() {
            super(false);
        }

        @Override
        Object pack(Object object, Packer packer) {
            return packer.transfer((Transfer) object, false);
        }
    }
}
