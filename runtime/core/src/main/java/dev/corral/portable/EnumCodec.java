package dev.corral.portable;

import org.jspecify.annotations.Nullable;

/**
 * Of an enum of a program, or of one constant of it with a body: by name, so that the receiver gets its own constant. If both
 * have the same enum, the constant itself, which must then be immutable.
 */
final class EnumCodec extends Codec {
    private final Fields fields;
    /** The last one that was sent; most are sent in runs. Shared, replaced at will. */
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
