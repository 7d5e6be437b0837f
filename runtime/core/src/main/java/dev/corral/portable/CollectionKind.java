package dev.corral.portable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a collection becomes at the receiver. Any thread. */
@SuppressWarnings("JdkObsolete") // programs send them
final class CollectionKind {
    private static final CollectionKind LIST = new CollectionKind((size, _) -> new ArrayList<>(size));
    private static final CollectionKind QUEUE = new CollectionKind((size, _) -> new ArrayDeque<>(size + 1));
    private static final CollectionKind SET = new CollectionKind((size, _) -> LinkedHashSet.newLinkedHashSet(size));
    private static final CollectionKind SORTED_SET = new CollectionKind((_, order) -> new TreeSet<>(order));

    private static final CollectionKind IMMUTABLE_LIST = LIST.sealed(CollectionKind::immutable);
    private static final CollectionKind IMMUTABLE_SET = SET.sealed(Set::copyOf);
    private static final CollectionKind UNMODIFIABLE_LIST = LIST
            .sealed(list -> Collections.unmodifiableList((List<Object>) list));
    private static final CollectionKind UNMODIFIABLE_SET = SET
            .sealed(set -> Collections.unmodifiableSet((Set<Object>) set));
    private static final CollectionKind UNMODIFIABLE_SORTED_SET = SORTED_SET
            .sealed(set -> Collections.unmodifiableNavigableSet((NavigableSet<Object>) set));
    private static final CollectionKind UNMODIFIABLE = LIST.sealed(Collections::unmodifiableCollection);

    /** The classes that are kept. */
    private static final Map<Class<?>, CollectionKind> KEPT = Map.ofEntries(Map.entry(ArrayList.class, LIST),
            Map.entry(ArrayDeque.class, QUEUE), Map.entry(LinkedHashSet.class, SET),
            Map.entry(TreeSet.class, SORTED_SET),
            Map.entry(HashSet.class, new CollectionKind((size, _) -> HashSet.newHashSet(size))),
            Map.entry(LinkedList.class, new CollectionKind((_, _) -> new LinkedList<>())),
            Map.entry(Vector.class, new CollectionKind((size, _) -> new Vector<>(size))),
            Map.entry(PriorityQueue.class, new CollectionKind((_, order) -> new PriorityQueue<>(order))),
            Map.entry(CopyOnWriteArrayList.class, new CollectionKind((_, _) -> new CopyOnWriteArrayList<>())),
            Map.entry(CopyOnWriteArraySet.class, new CollectionKind((_, _) -> new CopyOnWriteArraySet<>())),
            Map.entry(ConcurrentLinkedQueue.class, new CollectionKind((_, _) -> new ConcurrentLinkedQueue<>())),
            Map.entry(ConcurrentLinkedDeque.class, new CollectionKind((_, _) -> new ConcurrentLinkedDeque<>())),
            Map.entry(ConcurrentSkipListSet.class,
                    new CollectionKind((_, order) -> new ConcurrentSkipListSet<>(order))));

    private final Maker maker;
    /** Makes of the filled collection what the receiver sees; null if that is itself. */
    private final @Nullable UnaryOperator<Collection<Object>> seal;

    /** Makes an empty one. */
    private interface Maker {
        Collection<Object> make(int size, @Nullable Comparator<Object> order);
    }

    private CollectionKind(Maker maker) {
        this(maker, null);
    }

    private CollectionKind(Maker maker, @Nullable UnaryOperator<Collection<Object>> seal) {
        this.maker = maker;
        this.seal = seal;
    }

    private CollectionKind sealed(UnaryOperator<Collection<Object>> how) {
        return new CollectionKind(maker, how);
    }

    /** For that class of the JDK: the same one, or the nearest. */
    static CollectionKind of(Class<?> type) {
        CollectionKind kept = KEPT.get(type);
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

    /** Whether it cannot be referred to before it is filled. */
    boolean isSealed() {
        return seal != null;
    }

    Collection<Object> make(int size, @Nullable Comparator<Object> order) {
        return maker.make(size, order);
    }

    Collection<Object> seal(Collection<Object> filled) {
        return seal == null ? filled : seal.apply(filled);
    }
}
