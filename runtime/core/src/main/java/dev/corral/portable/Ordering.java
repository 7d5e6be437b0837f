package dev.corral.portable;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The comparators that can cross: those of the JDK that hold no other object. */
final class Ordering {
    private Ordering() {}

    static @Nullable Comparator<Object> of(Collection<?> collection) {
        return switch (collection) {
            case SortedSet<?> set -> require(set.comparator());
            case PriorityQueue<?> queue -> require(queue.comparator());
            default -> null;
        };
    }

    static @Nullable Comparator<Object> of(SortedMap<?, ?> map) {
        return require(map.comparator());
    }

    @SuppressWarnings("unchecked") // natural orders compare the elements that they compared before
    private static @Nullable Comparator<Object> require(@Nullable Comparator<?> comparator) {
        if (comparator == null || comparator == Comparator.naturalOrder() || comparator == Collections.reverseOrder()
                || comparator == String.CASE_INSENSITIVE_ORDER) {
            return (Comparator<Object>) comparator;
        }
        String name = comparator.getClass().getTypeName();
        int lambda = name.indexOf("$$Lambda");
        throw new Refusal((lambda < 0 ? name : "a lambda of " + name.substring(0, lambda))
                + " is not portable: of comparators only natural order, reverse order and String.CASE_INSENSITIVE_ORDER are")
                .at(".comparator()");
    }
}
