package dev.corral.portable;

import dev.corral.jdk.JdkInternal;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The codecs of {@link EnumSet} and {@link EnumMap}. */
final class EnumCodecs {
    private EnumCodecs() {}

    private static TypeName nameOf(Object constant) {
        return TypeName.of(((Enum<?>) constant).getDeclaringClass());
    }

    static final class OfSets extends Codec {
        OfSets() {
            super(true);
        }

        @Override
        Object pack(Object object, Packer packer) {
            var set = (EnumSet<?>) object;
            @Nullable
            Object[] constants = set.toArray();
            var node = new SetNode(typeOf(set), constants);
            node.type.requireAt(packer.types());
            for (int i = 0; i < constants.length; i++) {
                try {
                    constants[i] = packer.pack(constants[i]);
                } catch (Refusal e) {
                    throw e.at(".element");
                }
            }
            return packer.leave(object, node.type.isOfJdk() ? Unpacker.finish(node) : node);
        }

        /** Returns the enum of the set. An empty set does not show it, but the complement of the set does. */
        private static TypeName typeOf(EnumSet<?> set) {
            EnumSet<?> some = set.isEmpty() ? EnumSet.complementOf(set) : set;
            if (some.isEmpty()) {
                throw new Refusal("a set of an enum without constants is not portable");
            }
            return nameOf(some.iterator().next());
        }
    }

    private static final class SetNode extends Node {
        private final TypeName type;
        private final @Nullable Object[] constants;

        SetNode(TypeName type, @Nullable Object[] constants) {
            this.type = type;
            this.constants = constants;
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes", "NullAway"}) // the enum is known at run time only
        Object create(Unpacker unpacker) {
            EnumSet set = EnumSet.noneOf((Class) type.in(unpacker));
            set.addAll(Arrays.asList(unpacker.unpack(constants)));
            return set;
        }
    }

    static final class OfMaps extends Codec {
        /** The field that holds the enum of a map; null if {@code java.util} is not opened. */
        private static final @Nullable VarHandle KEY_TYPE = JdkInternal.ENUM_MAP_KEYS.fieldOrNull();

        OfMaps() {
            super(true);
        }

        @Override
        Object pack(Object object, Packer packer) {
            var map = (EnumMap<?, ?>) object;
            var node = new MapNode(typeOf(map));
            node.type.requireAt(packer.types());
            packer.enter(object, node);
            node.entries.pack(map, packer);
            boolean isOpen = node.entries.areOpen() || !node.type.isOfJdk();
            return packer.leave(object, isOpen ? node : Unpacker.finish(node));
        }

        private static TypeName typeOf(EnumMap<?, ?> map) {
            if (!map.isEmpty()) {
                return nameOf(map.keySet().iterator().next());
            }
            if (KEY_TYPE == null) {
                throw new Refusal(
                        "an empty java.util.EnumMap is portable only with --add-opens=java.base/java.util=ALL-UNNAMED");
            }
            return TypeName.of((Class<?>) KEY_TYPE.get(map));
        }
    }

    private static final class MapNode extends Node {
        private final TypeName type;
        private final MapCodec.Entries entries = new MapCodec.Entries();

        MapNode(TypeName type) {
            this.type = type;
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // the enum is known at run time only
        Object create(Unpacker unpacker) {
            Map<Object, Object> map = new EnumMap((Class) type.in(unpacker));
            unpacker.created(this, map);
            entries.unpackTo(map, unpacker);
            return map;
        }
    }
}
