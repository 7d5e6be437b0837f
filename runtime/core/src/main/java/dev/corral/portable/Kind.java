package dev.corral.portable;

import java.util.Comparator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a collection or a map becomes at the receiver. Any thread. */
final class Kind<C> {
    private final Maker<C> maker;
    /** Makes of the filled one what the receiver sees; null if that is itself. */
    private final @Nullable UnaryOperator<C> seal;

    /** Makes an empty one. */
    interface Maker<C> {
        C make(int size, @Nullable Comparator<Object> order);
    }

    Kind(Maker<C> maker) {
        this(maker, null);
    }

    private Kind(Maker<C> maker, @Nullable UnaryOperator<C> seal) {
        this.maker = maker;
        this.seal = seal;
    }

    /** The same, but that the receiver sees what is made of it. */
    Kind<C> sealed(UnaryOperator<C> how) {
        return new Kind<>(maker, how);
    }

    /** Whether it cannot be referred to before it is filled. */
    boolean isSealed() {
        return seal != null;
    }

    C make(int size, @Nullable Comparator<Object> order) {
        return maker.make(size, order);
    }

    C seal(C filled) {
        return seal == null ? filled : seal.apply(filled);
    }
}
