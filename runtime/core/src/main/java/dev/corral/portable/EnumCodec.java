package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * The codec of an enum of a program, or of the class of one constant with a body. A constant crosses by name, so that
 * the receiver gets its own constant. If sender and receiver share the enum, the constant itself crosses; it must be
 * immutable then.
 */
final class EnumCodec extends Codec {
    private final Fields fields;
    /** The constant that was sent last, because the same one is often sent again. Any thread may replace it. */
    private volatile @Nullable Last last;

    private record Last(Enum<?> constant, EnumNode node) {}

    EnumCodec(Class<?> type) {
        super(true);
        fields = new Fields(type);
    }

    @Override
    Object pack(Object object, Packer packer) {
        var constant = (Enum<?>) object;
        if (packer.types().share(constant.getDeclaringClass())) {
            packer.enter(object, object);
            fields.requireImmutable(object, packer);
            return object;
        }
        Last known = last;
        if (known == null || known.constant != constant) {
            known = new Last(constant, new EnumNode(constant));
            last = known;
        }
        packer.types().constant(known.node);
        return known.node;
    }
}
