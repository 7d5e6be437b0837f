package dev.corral.portable;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a map becomes at the receiver. Any thread. */
@SuppressWarnings("JdkObsolete") // programs send them
final class MapKind {
    private static final MapKind MAP = new MapKind((size, _) -> LinkedHashMap.newLinkedHashMap(size));
    private static final MapKind SORTED_MAP = new MapKind((_, order) -> new TreeMap<>(order));

    private static final MapKind IMMUTABLE_MAP = MAP.sealed(Map::copyOf);
    private static final MapKind UNMODIFIABLE_MAP = MAP.sealed(Collections::unmodifiableMap);
    private static final MapKind UNMODIFIABLE_SORTED_MAP = SORTED_MAP
            .sealed(map -> Collections.unmodifiableNavigableMap((NavigableMap<Object, Object>) map));

    /** The classes that are kept. */
    private static final Map<Class<?>, MapKind> KEPT = Map.of(LinkedHashMap.class, MAP, TreeMap.class, SORTED_MAP,
            HashMap.class, new MapKind((size, _) -> HashMap.newHashMap(size)), //
            ConcurrentHashMap.class, new MapKind((size, _) -> new ConcurrentHashMap<>(size)), //
            ConcurrentSkipListMap.class, new MapKind((_, order) -> new ConcurrentSkipListMap<>(order)), //
            Hashtable.class, new MapKind((_, _) -> new Hashtable<>()), //
            IdentityHashMap.class, new MapKind((size, _) -> new IdentityHashMap<>(size)));

    private final Maker maker;
    /** Makes of the filled map what the receiver sees; null if that is itself. */
    private final @Nullable UnaryOperator<Map<Object, Object>> seal;

    /** Makes an empty one. */
    private interface Maker {
        Map<Object, Object> make(int size, @Nullable Comparator<Object> order);
    }

    private MapKind(Maker maker) {
        this(maker, null);
    }

    private MapKind(Maker maker, @Nullable UnaryOperator<Map<Object, Object>> seal) {
        this.maker = maker;
        this.seal = seal;
    }

    private MapKind sealed(UnaryOperator<Map<Object, Object>> how) {
        return new MapKind(maker, how);
    }

    /** For that class of the JDK: the same one, or the nearest. */
    static MapKind of(Class<?> type) {
        MapKind kept = KEPT.get(type);
        if (kept != null) {
            return kept;
        }
        if (Unmodifiable.isImmutable(type)) {
            return IMMUTABLE_MAP;
        }
        boolean isSorted = SortedMap.class.isAssignableFrom(type);
        if (Unmodifiable.is(type)) {
            return isSorted ? UNMODIFIABLE_SORTED_MAP : UNMODIFIABLE_MAP;
        }
        return isSorted ? SORTED_MAP : MAP;
    }

    /** Whether it cannot be referred to before it is filled. */
    boolean isSealed() {
        return seal != null;
    }

    Map<Object, Object> make(int size, @Nullable Comparator<Object> order) {
        return maker.make(size, order);
    }

    Map<Object, Object> seal(Map<Object, Object> filled) {
        return seal == null ? filled : seal.apply(filled);
    }
}
