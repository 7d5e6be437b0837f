package dev.corral.portable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Recognizes the JDK collections that cannot be changed. Their classes have no public names. */
final class Unmodifiable {
    private static final String IMMUTABLE = "java.util.ImmutableCollections$";
    private static final List<String> UNMODIFIABLE = List.of("java.util.Collections$Unmodifiable",
            "java.util.Collections$Singleton", "java.util.Collections$Empty", "java.util.Collections$CopiesList");
    /**
     * The classes of collections that hold only their elements. A sublist, for example, also refers to the whole list.
     */
    private static final Set<Class<?>> BARE = Set.of(List.of().getClass(), List.of(1).getClass(), Set.of().getClass(),
            Set.of(1).getClass(), Map.of().getClass(), Map.of(1, 1).getClass());

    private Unmodifiable() {}

    /** Whether collections of this class were created by {@code of}, {@code copyOf} or {@code toList}. */
    static boolean isImmutable(Class<?> type) {
        return type.getName().startsWith(IMMUTABLE);
    }

    /** Whether a collection of this class crosses by reference if its elements do. */
    static boolean isBare(Class<?> type) {
        return BARE.contains(type);
    }

    /** Whether collections of this class were created by {@code Collections.unmodifiable...} or a similar method. */
    static boolean is(Class<?> type) {
        return UNMODIFIABLE.stream().anyMatch(type.getName()::startsWith);
    }
}
