package dev.corral.portable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.Vector;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;

/** The kinds of collections that receivers get. */
@SuppressWarnings("JdkObsolete") // programs send them
final class CollectionKinds {
    private static final Kind<Collection<Object>> LIST = new Kind<>((size, _) -> new ArrayList<>(size));
    private static final Kind<Collection<Object>> QUEUE = new Kind<>((size, _) -> new ArrayDeque<>(size + 1));
    private static final Kind<Collection<Object>> SET = new Kind<>((size, _) -> LinkedHashSet.newLinkedHashSet(size));
    private static final Kind<Collection<Object>> SORTED_SET = new Kind<>((_, order) -> new TreeSet<>(order));

    private static final Kind<Collection<Object>> IMMUTABLE_LIST = LIST.sealed(CollectionKinds::immutable);
    private static final Kind<Collection<Object>> IMMUTABLE_SET = SET.sealed(Set::copyOf);
    private static final Kind<Collection<Object>> UNMODIFIABLE_LIST = LIST
            .sealed(list -> Collections.unmodifiableList((List<Object>) list));
    private static final Kind<Collection<Object>> UNMODIFIABLE_SET = SET
            .sealed(set -> Collections.unmodifiableSet((Set<Object>) set));
    private static final Kind<Collection<Object>> UNMODIFIABLE_SORTED_SET = SORTED_SET
            .sealed(set -> Collections.unmodifiableNavigableSet((NavigableSet<Object>) set));
    private static final Kind<Collection<Object>> UNMODIFIABLE = LIST.sealed(Collections::unmodifiableCollection);

    /** The classes that stay the same at the receiver. */
    private static final Map<Class<?>, Kind<Collection<Object>>> KEPT = Map.ofEntries(Map.entry(ArrayList.class, LIST),
            Map.entry(ArrayDeque.class, QUEUE), Map.entry(LinkedHashSet.class, SET),
            Map.entry(TreeSet.class, SORTED_SET),
            Map.entry(HashSet.class, new Kind<>((size, _) -> HashSet.newHashSet(size))),
            Map.entry(LinkedList.class, new Kind<>((_, _) -> new LinkedList<>())),
            Map.entry(Vector.class, new Kind<>((size, _) -> new Vector<>(size))),
            Map.entry(PriorityQueue.class, new Kind<>((_, order) -> new PriorityQueue<>(order))),
            Map.entry(CopyOnWriteArrayList.class, new Kind<>((_, _) -> new CopyOnWriteArrayList<>())),
            Map.entry(CopyOnWriteArraySet.class, new Kind<>((_, _) -> new CopyOnWriteArraySet<>())),
            Map.entry(ConcurrentLinkedQueue.class, new Kind<>((_, _) -> new ConcurrentLinkedQueue<>())),
            Map.entry(ConcurrentLinkedDeque.class, new Kind<>((_, _) -> new ConcurrentLinkedDeque<>())),
            Map.entry(ConcurrentSkipListSet.class,
                    new Kind<>((_, order) -> new ConcurrentSkipListSet<>(order))));

    private CollectionKinds() {}

    /** Returns the kind that the receiver gets for this class of the JDK: the same class, or the most similar one. */
    static Kind<Collection<Object>> of(Class<?> type) {
        Kind<Collection<Object>> kept = KEPT.get(type);
        if (kept != null) {
            return kept;
        }
        boolean isList = List.class.isAssignableFrom(type);
        boolean isSet = Set.class.isAssignableFrom(type);
        if (Unmodifiable.isImmutable(type) && (isList || isSet)) {
            return isList ? IMMUTABLE_LIST : IMMUTABLE_SET;
        }
        boolean isSorted = SortedSet.class.isAssignableFrom(type);
        if (Unmodifiable.is(type)) {
            return isList ? UNMODIFIABLE_LIST
                    : isSorted ? UNMODIFIABLE_SORTED_SET : isSet ? UNMODIFIABLE_SET : UNMODIFIABLE;
        }
        return isSorted ? SORTED_SET : isSet ? SET : !isList && Queue.class.isAssignableFrom(type) ? QUEUE : LIST;
    }

    private static Collection<Object> immutable(Collection<Object> list) {
        return list.stream().allMatch(element -> element != null) ? List.copyOf(list) : list.stream().toList();
    }
}
