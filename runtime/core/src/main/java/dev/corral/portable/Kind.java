package dev.corral.portable;

import java.util.Comparator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A kind of collection or map that the receiver creates. Any thread may use it. */
final class Kind<C> {
    private final Factory<C> factory;
    /** Converts the filled collection to the one that the receiver sees; null if they are the same. */
    private final @Nullable UnaryOperator<C> seal;

    /** Creates empty collections. */
    interface Factory<C> {
        C create(int size, @Nullable Comparator<Object> order);
    }

    Kind(Factory<C> factory) {
        this(factory, null);
    }

    private Kind(Factory<C> factory, @Nullable UnaryOperator<C> seal) {
        this.factory = factory;
        this.seal = seal;
    }

    /** Returns a kind whose filled collections are converted before the receiver sees them. */
    Kind<C> sealed(UnaryOperator<C> how) {
        return new Kind<>(factory, how);
    }

    /** Whether no other object can refer to the collection before it is filled. */
    boolean isSealed() {
        return seal != null;
    }

    C create(int size, @Nullable Comparator<Object> order) {
        return factory.create(size, order);
    }

    C seal(C filled) {
        return seal == null ? filled : seal.apply(filled);
    }
}
