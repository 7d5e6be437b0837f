package dev.corral.portable;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The codec of one class of JDK collections. */
final class CollectionCodec extends Codec {
    private final Kind<Collection<Object>> kind;
    private final boolean isBare;
    private final boolean isSet;

    CollectionCodec(Class<?> type) {
        super(true);
        kind = CollectionKinds.of(type);
        isBare = Unmodifiable.isBare(type);
        isSet = Set.class.isAssignableFrom(type);
    }

    @Override
    Object pack(Object object, Packer packer) {
        var collection = (Collection<?>) object;
        @Nullable
        Object[] source = collection.toArray();
        // A copy of the array, because toArray of a program's collection may return an array that it still uses.
        @Nullable
        Object[] packed = new Object[source.length];
        var node = new CollectionNode(kind, Ordering.of(collection), packed);
        if (kind.isSealed()) {
            packer.enter(object);
        } else {
            packer.enter(object, node);
        }
        boolean isChanged = !isBare;
        boolean isOpen = false;
        for (int i = 0; i < source.length; i++) {
            Object element = source[i];
            try {
                packed[i] = packer.pack(element);
            } catch (Refusal e) {
                throw e.at(isSet ? ".element" : ValuePath.index(i));
            }
            isChanged |= packed[i] != element;
            isOpen |= packed[i] instanceof Node;
        }
        return packer.leave(object, isOpen ? node : isChanged ? Unpacker.finish(node) : object);
    }

    private static final class CollectionNode extends Node {
        private final Kind<Collection<Object>> kind;
        private final @Nullable Comparator<Object> order;
        private final @Nullable Object[] elements;

        CollectionNode(Kind<Collection<Object>> kind, @Nullable Comparator<Object> order, @Nullable Object[] elements) {
            this.kind = kind;
            this.order = order;
            this.elements = elements;
        }

        @Override
        public String toString() {
            return Arrays.toString(elements);
        }

        @Override
        @SuppressWarnings("NullAway") // holds null if the sender's collection does
        Object create(Unpacker unpacker) {
            Collection<Object> collection = kind.create(elements.length, order);
            if (!kind.isSealed()) {
                unpacker.created(this, collection);
            }
            collection.addAll(Arrays.asList(unpacker.unpack(elements)));
            return kind.seal(collection);
        }
    }
}
