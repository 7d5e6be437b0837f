package dev.corral.portable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The codec of one class of JDK maps. */
final class MapCodec extends Codec {
    private final Kind<Map<Object, Object>> kind;
    private final boolean isBare;

    MapCodec(Class<?> type) {
        super(true);
        kind = MapKinds.of(type);
        isBare = Unmodifiable.isBare(type);
    }

    @Override
    Object pack(Object object, Packer packer) {
        var map = (Map<?, ?>) object;
        var node = new MapNode(kind, map instanceof SortedMap<?, ?> sorted ? Ordering.of(sorted) : null);
        if (kind.isSealed()) {
            packer.enter(object);
        } else {
            packer.enter(object, node);
        }
        boolean isChanged = node.entries.pack(map, packer);
        boolean isOpen = node.entries.areOpen();
        return packer.leave(object, isOpen ? node : isChanged || !isBare ? Unpacker.finish(node) : object);
    }

    static @Nullable Object packKey(@Nullable Object key, Packer packer) {
        try {
            return packer.pack(key);
        } catch (Refusal e) {
            throw e.at(".key");
        }
    }

    static @Nullable Object packValue(@Nullable Object key, @Nullable Object value, Packer packer) {
        try {
            return packer.pack(value);
        } catch (Refusal e) {
            throw e.at(ValuePath.key(key));
        }
    }

    /** The packed entries of a map: keys and values alternate. */
    static final class Entries {
        private final List<@Nullable Object> packed = new ArrayList<>();
        private boolean isOpen;

        /** Packs all entries; returns whether any packed key or value is a different object. */
        boolean pack(Map<?, ?> map, Packer packer) {
            boolean isChanged = false;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                Object key = entry.getKey();
                Object value = entry.getValue();
                isChanged |= add(packKey(key, packer)) != key;
                isChanged |= add(packValue(key, value, packer)) != value;
            }
            return isChanged;
        }

        private @Nullable Object add(@Nullable Object each) {
            isOpen |= each instanceof Node;
            packed.add(each);
            return each;
        }

        /** Whether the receiver must create a key or value. */
        boolean areOpen() {
            return isOpen;
        }

        int size() {
            return packed.size() / 2;
        }

        @SuppressWarnings("NullAway") // holds null if the sender's map does
        void unpackTo(Map<Object, Object> map, Unpacker unpacker) {
            for (int i = 0; i < packed.size(); i += 2) {
                Object key = unpacker.unpack(packed.get(i));
                map.put(key, unpacker.unpack(packed.get(i + 1)));
            }
        }
    }

    private static final class MapNode extends Node {
        private final Kind<Map<Object, Object>> kind;
        private final @Nullable Comparator<Object> order;
        private final Entries entries = new Entries();

        MapNode(Kind<Map<Object, Object>> kind, @Nullable Comparator<Object> order) {
            this.kind = kind;
            this.order = order;
        }

        @Override
        Object create(Unpacker unpacker) {
            Map<Object, Object> map = kind.create(entries.size(), order);
            if (!kind.isSealed()) {
                unpacker.created(this, map);
            }
            entries.unpackTo(map, unpacker);
            return kind.seal(map);
        }
    }
}
