package dev.corral.portable;

import java.util.Collections;
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

/** The kinds of maps that receivers get. */
@SuppressWarnings("JdkObsolete") // programs send them
final class MapKinds {
    private static final Kind<Map<Object, Object>> MAP = new Kind<>((size, _) -> LinkedHashMap.newLinkedHashMap(size));
    private static final Kind<Map<Object, Object>> SORTED_MAP = new Kind<>((_, order) -> new TreeMap<>(order));

    private static final Kind<Map<Object, Object>> IMMUTABLE_MAP = MAP.sealed(Map::copyOf);
    private static final Kind<Map<Object, Object>> UNMODIFIABLE_MAP = MAP.sealed(Collections::unmodifiableMap);
    private static final Kind<Map<Object, Object>> UNMODIFIABLE_SORTED_MAP = SORTED_MAP
            .sealed(map -> Collections.unmodifiableNavigableMap((NavigableMap<Object, Object>) map));

    /** The classes that stay the same at the receiver. */
    private static final Map<Class<?>, Kind<Map<Object, Object>>> KEPT =
            Map.of(LinkedHashMap.class, MAP, TreeMap.class, SORTED_MAP,
                    HashMap.class, new Kind<>((size, _) -> HashMap.newHashMap(size)), //
                    ConcurrentHashMap.class, new Kind<>((size, _) -> new ConcurrentHashMap<>(size)), //
                    ConcurrentSkipListMap.class, new Kind<>((_, order) -> new ConcurrentSkipListMap<>(order)), //
                    Hashtable.class, new Kind<>((_, _) -> new Hashtable<>()), //
                    IdentityHashMap.class, new Kind<>((size, _) -> new IdentityHashMap<>(size)));

    private MapKinds() {}

    /** Returns the kind that the receiver gets for this class of the JDK: the same class, or the most similar one. */
    static Kind<Map<Object, Object>> of(Class<?> type) {
        Kind<Map<Object, Object>> kept = KEPT.get(type);
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
}
