package dev.corral.portable;

import dev.corral.Message.Transfer;

/**
 * Packs the objects of one class. A codec is attached to that class and refers to nothing of another loader, so it
 * keeps no loader reachable. Any thread may use it.
 */
abstract class Codec {
    /** The codec of all classes whose objects cross by reference. */
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

    /**
     * @param isTracked whether an object that occurs twice in a message is packed only once
     */
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

    /** Whether a packed object may refer back to the object that holds it, or may hold many others. */
    final boolean holds() {
        return isTracked && !(this instanceof EnumCodec);
    }

    /** Returns the object itself, a finished copy, or the node from which the receiver creates its copy. */
    abstract Object pack(Object object, Packer packer);

    /** Returns a codec that refuses every object for this reason. */
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
