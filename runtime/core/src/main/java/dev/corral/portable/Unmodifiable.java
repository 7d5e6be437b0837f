package dev.corral.portable;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which collections of the JDK cannot be changed. Their classes have no public names. */
final class Unmodifiable {
    private static final String IMMUTABLE = "java.util.ImmutableCollections$";
    private static final List<String> UNMODIFIABLE = List.of("java.util.Collections$Unmodifiable",
            "java.util.Collections$Singleton", "java.util.Collections$Empty", "java.util.Collections$CopiesList");
    /** Those that have nothing but their elements; a sublist, say, also has all the list. */
    private static final Set<Class<?>> BARE = Set.of(List.of().getClass(), List.of(1).getClass(), Set.of().getClass(),
            Set.of(1).getClass(), Map.of().getClass(), Map.of(1, 1).getClass());

    private Unmodifiable() {}

    /** Made by {@code of}, {@code copyOf} or {@code toList}. */
    static boolean isImmutable(Class<?> type) {
        return type.getName().startsWith(IMMUTABLE);
    }

    /** Whether one whose elements go by reference can go by reference itself. */
    static boolean isBare(Class<?> type) {
        return BARE.contains(type);
    }

    /** Made by {@code Collections.unmodifiable...} and its like. */
    static boolean is(Class<?> type) {
        return UNMODIFIABLE.stream().anyMatch(type.getName()::startsWith);
    }
}
