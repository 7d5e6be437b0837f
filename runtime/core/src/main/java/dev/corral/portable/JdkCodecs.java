package dev.corral.portable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractMap.SimpleEntry;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The codecs of JDK classes whose objects can hold objects of a program, or can change. */
final class JdkCodecs {
    private static final Class<?> ENTRY = Map.entry(1, 1).getClass();

    private JdkCodecs() {}

    static Codec of(Class<?> type) {
        if (type == Optional.class) {
            return new OptionalCodec();
        }
        if (ByteBuffer.class.isAssignableFrom(type)) {
            return new BufferCodec();
        }
        if (type == Arrays.asList().getClass()) {
            return new ArrayCodec.ListCodec();
        }
        if (EnumSet.class.isAssignableFrom(type)) {
            return new EnumCodecs.OfSets();
        }
        if (type == EnumMap.class) {
            return new EnumCodecs.OfMaps();
        }
        boolean isOfBase = type.getClassLoader() == null;
        if (isOfBase && Collection.class.isAssignableFrom(type)) {
            return new CollectionCodec(type);
        }
        if (isOfBase && Map.class.isAssignableFrom(type)) {
            return new MapCodec(type);
        }
        if (isOfBase && Map.Entry.class.isAssignableFrom(type)) {
            return new EntryCodec(type);
        }
        return Codec.refusing(refusal(type));
    }

    private static String refusal(Class<?> type) {
        String name = type.getTypeName();
        return name + " is not portable"
                + (Throwable.class.isAssignableFrom(type) ? ": send a dev.corral.Failure of it" : "");
    }

    private static final class OptionalCodec extends Codec {
        OptionalCodec() {
            super(false);
        }

        @Override
        Object pack(Object object, Packer packer) {
            Object value = ((Optional<?>) object).orElse(null);
            try {
                Object packed = packer.pack(value);
                return packed == value ? object : new OptionalNode(packed);
            } catch (Refusal e) {
                throw e.at(".get()");
            }
        }
    }

    private static final class OptionalNode extends Node {
        private final @Nullable Object value;

        OptionalNode(@Nullable Object value) {
            this.value = value;
        }

        @Override
        Object create(Unpacker unpacker) {
            return Optional.ofNullable(unpacker.unpack(value));
        }
    }

    /**
     * The codec of byte buffers. The copy is always a heap buffer, so the receiver does not depend on native memory of
     * the sender.
     */
    private static final class BufferCodec extends Codec {
        BufferCodec() {
            super(true);
        }

        @Override
        Object pack(Object object, Packer packer) {
            var source = (ByteBuffer) object;
            ByteOrder order = source.order();
            ByteBuffer copy = ByteBuffer.allocate(source.capacity()).put(source.duplicate().clear());
            copy.position(0).limit(source.limit()).position(source.position());
            return packer.leave(object, (source.isReadOnly() ? copy.asReadOnlyBuffer() : copy).order(order));
        }
    }

    /** The codec of map entries. Entries that can be set stay so; all others become immutable. */
    private static final class EntryCodec extends Codec {
        private final Class<?> type;

        EntryCodec(Class<?> type) {
            super(true);
            this.type = type;
        }

        @Override
        Object pack(Object object, Packer packer) {
            var entry = (Map.Entry<?, ?>) object;
            packer.enter(object);
            Object key = entry.getKey();
            Object value = entry.getValue();
            var node = new EntryNode(type == SimpleEntry.class, MapCodec.packKey(key, packer),
                    MapCodec.packValue(key, value, packer));
            if (type == ENTRY && node.key == key && node.value == value) {
                return packer.leave(object, object);
            }
            boolean isOpen = node.key instanceof Node || node.value instanceof Node;
            return packer.leave(object, isOpen ? node : Unpacker.finish(node));
        }
    }

    private static final class EntryNode extends Node {
        private final boolean canBeSet;
        private final @Nullable Object key;
        private final @Nullable Object value;

        EntryNode(boolean canBeSet, @Nullable Object key, @Nullable Object value) {
            this.canBeSet = canBeSet;
            this.key = key;
            this.value = value;
        }

        @Override
        @SuppressWarnings("NullAway") // entries may hold null
        Object create(Unpacker unpacker) {
            Object theKey = unpacker.unpack(key);
            Object theValue = unpacker.unpack(value);
            return canBeSet ? new SimpleEntry<>(theKey, theValue) : new SimpleImmutableEntry<>(theKey, theValue);
        }
    }
}
