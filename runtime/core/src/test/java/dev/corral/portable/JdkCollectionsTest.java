package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.NotPortableException;
import java.time.DayOfWeek;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies of the collections and maps of the JDK. */
@SuppressWarnings("JdkObsolete")
class JdkCollectionsTest extends JdkValuesFixture {
    /** Includes elements that only the receiver can create, on its own thread. */
    static Stream<Collection<Object>> collections() {
        return Stream.of(new Object[]{3, 1, 2}, new Object[]{new Leaf(3), new Leaf(1), new Leaf(2)}).map(Arrays::asList)
                .flatMap(some -> Stream.of(new ArrayList<>(some), new LinkedList<>(some), new ArrayDeque<>(some),
                        new HashSet<>(some), new LinkedHashSet<>(some), new TreeSet<>(some), new PriorityQueue<>(some),
                        new Vector<>(some), new CopyOnWriteArrayList<>(some), new CopyOnWriteArraySet<>(some),
                        new ConcurrentLinkedQueue<>(some), new ConcurrentLinkedDeque<>(some),
                        new ConcurrentSkipListSet<>(some), Arrays.asList(some.toArray())));
    }

    @ParameterizedTest
    @MethodSource("collections")
    void shouldKeepTheClassOfACommonCollection(Collection<Object> sent) {
        Collection<Object> received = get(sent);
        assertNotSame(sent, received);
        assertSame(sent.getClass(), received.getClass());
        assertArrayEquals(sent.toArray(), received.toArray());
    }

    static Stream<Map<Object, Object>> maps() {
        return Stream.of(Map.of(3, 1, 2, 2), Map.of(new Leaf(3), 1, new Leaf(2), new Leaf(2)))
                .flatMap(some -> Stream.of(new HashMap<>(some), new LinkedHashMap<>(some), new TreeMap<>(some),
                        new ConcurrentHashMap<>(some), new ConcurrentSkipListMap<>(some), new Hashtable<>(some)));
    }

    @ParameterizedTest
    @MethodSource("maps")
    void shouldKeepTheClassOfACommonMap(Map<Object, Object> sent) {
        Map<Object, Object> received = get(sent);
        assertNotSame(sent, received);
        assertSame(sent.getClass(), received.getClass());
        assertEquals(sent, received);
    }

    @Test
    void shouldTakeTheNearestClassOfOthers() {
        List<Object> list = new ArrayList<>(List.of(1, 2, 3));
        assertSame(ArrayList.class, assertCopied(list.subList(1, 2)));
        assertSame(ArrayList.class, assertCopied(Collections.synchronizedList(list)));
        assertSame(ArrayList.class, assertCopied(list.reversed()));
        assertSame(LinkedHashSet.class, assertCopied(new LinkedHashMap<>(Map.of(1, 2)).keySet()));
        assertSame(ArrayList.class, get(new HashMap<>(Map.of(1, 2)).values()).getClass());
        assertSame(ArrayDeque.class, get((Object) new ArrayBlockingQueue<>(3, false, list)).getClass());
        assertSame(TreeSet.class, assertCopied(new TreeSet<>(list).headSet(3)));
        assertSame(TreeMap.class, assertCopied(new TreeMap<>(Map.of(1, 2)).descendingMap()));
        assertSame(LinkedHashMap.class, assertCopied(new WeakHashMap<>(Map.of("k", 2))));
        assertSame(LinkedHashMap.class, get((Map<Object, Object>) new Properties()).getClass());
        Object key = new String("key");
        var identities = new IdentityHashMap<>(Map.of(key, 1));
        assertEquals(1, get(identities).get(key));
        assertNotSame(identities, get(identities));
    }

    private Class<?> assertCopied(Object sent) {
        Object received = get(sent);
        assertNotSame(sent, received);
        assertEquals(sent, received);
        return received.getClass();
    }

    static Stream<Object> unmodifiables() {
        return Stream.<Object>of(1, new Leaf(1)).flatMap(one -> {
            var list = new ArrayList<>(Arrays.asList(one, one));
            var map = new TreeMap<>(Map.of(one, one));
            return Stream.of(Collections.unmodifiableList(list), Collections.unmodifiableSet(new HashSet<>(list)),
                    Collections.unmodifiableMap(map), Collections.unmodifiableSortedMap(map),
                    Collections.unmodifiableNavigableSet(new TreeSet<>(list)), Collections.singleton(one),
                    Collections.singletonList(one), Collections.singletonMap(one, one), Collections.nCopies(3, one),
                    List.of(one, 7, 8).subList(0, 2), List.of(new Leaf(5), one), Set.of(one, new Leaf(5)),
                    Map.of(one, new Leaf(1)),
                    Arrays.asList(new Leaf(2), null).stream().toList());
        });
    }

    @ParameterizedTest
    @MethodSource("unmodifiables")
    @SuppressWarnings("unchecked")
    void shouldLeaveUnmodifiableWhatIs(Object sent) {
        Object received = get(sent);
        assertEquals(sent, received);
        assertNotSame(sent, received);
        assertEquals(sent instanceof SortedSet, received instanceof SortedSet);
        assertEquals(sent instanceof SortedMap, received instanceof SortedMap);
        assertThrows(UnsupportedOperationException.class, () -> {
            if (received instanceof Map<?, ?> map) {
                ((Map<Object, Object>) map).put(1, 2);
            } else {
                ((Collection<Object>) received).add(1);
            }
        });
    }

    @Test
    void shouldNotSeeLaterChangesOfWhatAnUnmodifiableCollectionShows() {
        List<Object> list = new ArrayList<>(List.of(1));
        Object received = get(Collections.unmodifiableList(list));
        list.add(2);
        assertEquals(List.of(1), received);
    }

    @Test
    void shouldKeepTheOrderOfSortedCollections() {
        var words = List.of("b", "A", "c");
        for (Comparator<String> order : Arrays.asList(null, Comparator.<String>naturalOrder(),
                Comparator.<String>reverseOrder(),
                String.CASE_INSENSITIVE_ORDER)) {
            var set = new TreeSet<>(order);
            set.addAll(words);
            assertSame(order, get(set).comparator());
            assertArrayEquals(set.toArray(), get(set).toArray());
            var map = new TreeMap<String, Integer>(order);
            words.forEach(word -> map.put(word, 1));
            assertEquals(map.toString(), get(map).toString());
            var queue = new PriorityQueue<>(order);
            queue.addAll(words);
            assertEquals(queue.peek(), get(queue).peek());
        }
        var thrown = assertThrows(NotPortableException.class,
                () -> get(new TreeMap<>(Comparator.comparing(Object::toString))));
        assertEquals("treeMap.comparator()", thrown.path());
    }

    @Test
    void shouldCopyEnumCollectionsAndEntries() {
        var days = EnumSet.of(DayOfWeek.MONDAY);
        assertEquals(days, get(days));
        assertNotSame(days, get(days));
        assertEquals(EnumSet.of(Suit.SPADES), get(EnumSet.of(Suit.SPADES)));
        var byDay = new EnumMap<>(Map.of(DayOfWeek.MONDAY, new Leaf(1)));
        assertEquals(byDay, get(byDay));
        assertSame(EnumMap.class, get(new EnumMap<>(DayOfWeek.class)).getClass());
        assertEquals(Map.entry(new Leaf(1), 2), get(Map.entry(new Leaf(1), 2)));
        assertEquals("old", get(new SimpleEntry<Object, Object>(1, "old")).setValue("new"));
        assertEquals(Map.entry(1, 2), get(new HashMap<>(Map.of(1, 2)).entrySet().iterator().next()));
    }
}
