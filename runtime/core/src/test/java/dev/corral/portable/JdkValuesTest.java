package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.NotPortableException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the JDK has, sent to one that has the same classes but shares none. */
@SuppressWarnings("JdkObsolete")
class JdkValuesTest {
    private final Types receiver = new Types(new Receiver() {
        @Override
        public boolean shares(Class<?> type) {
            return false;
        }

        @Override
        public @Nullable Class<?> find(String name) {
            try {
                return Class.forName(name, false, JdkValuesTest.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return null;
            }
        }
    });

    record Leaf(int number) implements Comparable<Leaf> {
        @Override
        public int compareTo(Leaf other) {
            return Integer.compare(number, other.number);
        }
    }

    record Branch(Object left, Object right) {}

    enum Suit {
        HEARTS, SPADES
    }

    @SuppressWarnings("unchecked")
    private <T> T get(T body) {
        return (T) Marshaller.unpack(Marshaller.pack(body, receiver), receiver);
    }

    static Stream<Object> references() throws Exception {
        return Stream.of("x", 1, 1L, 'c', true, (byte) 1, (short) 1, 1f, 1d, BigInteger.TEN, BigDecimal.ONE,
                Instant.now(),
                LocalDate.now(), ZonedDateTime.now(), ZoneId.of("Asia/Tokyo"), ZoneId.of("Z"), UUID.randomUUID(),
                URI.create("a:b"), Locale.GERMANY, Currency.getInstance("EUR"), Pattern.compile("x"), OptionalInt.of(1),
                InetAddress.getByAddress(new byte[]{1, 2, 3, 4}), InetAddress.getByAddress(new byte[16]),
                InetSocketAddress.createUnresolved("x", 1), TimeUnit.DAYS, DayOfWeek.MONDAY, Path.of("/x"), List.of(),
                List.of(1),
                List.of(1, 2, 3), Stream.of(1, null).toList(), Set.of(), Set.of(1), Set.of(1, 2, 3), Map.of(),
                Map.of(1, "x"),
                Map.of(1, 2, 3, 4), Map.entry(1, 2), Optional.empty(), Optional.of(List.of(Set.of(1))),
                Collections.emptyList(), Collections.emptySet(), Collections.emptyMap());
    }

    @ParameterizedTest
    @MethodSource("references")
    void shouldPassImmutableValuesByReference(Object value) {
        assertSame(value, Marshaller.pack(value, receiver));
        assertSame(value, Marshaller.unpack(value, receiver));
        assertSame(value, get(new Object[]{value})[0]);
    }

    /** Also with what only the receiver can make, and so on its thread. */
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
    void shouldCloneArrays() {
        for (Object array : new Object[]{new byte[]{1}, new short[]{1}, new int[]{1}, new long[]{1}, new char[]{'c'},
                new float[]{1}, new double[]{1}, new boolean[]{true}, new String[]{"x", null}}) {
            Object received = get(array);
            assertNotSame(array, received);
            assertSame(array.getClass(), received.getClass());
            assertTrue(Arrays.deepEquals(new Object[]{array}, new Object[]{received}));
        }
        int[][] matrix = {{1, 2}, null, {}};
        int[][] copy = get(matrix);
        assertTrue(Arrays.deepEquals(matrix, copy));
        assertNotSame(matrix[0], copy[0]);
        Object[] mixed = {1, "x", null, new Leaf(1), new int[]{2}, List.of(new Leaf(2))};
        assertTrue(Arrays.deepEquals(mixed, get(mixed)));
        assertTrue(Arrays.deepEquals(new Number[]{1, 2L, BigDecimal.ONE}, get(new Number[]{1, 2L, BigDecimal.ONE})));
        assertEquals("array: a java.util.WeakHashMap[] cannot hold the copy, a java.util.LinkedHashMap",
                assertThrows(NotPortableException.class, () -> get(new WeakHashMap<?, ?>[]{new WeakHashMap<>()}))
                        .getMessage());
    }

    @Test
    void shouldCopyByteBuffers() {
        ByteBuffer sent =
                ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN).putInt(7).putInt(8).position(2).limit(6);
        for (ByteBuffer each : List.of(sent, sent.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN), sent.slice())) {
            ByteBuffer received = get(each);
            assertEquals(each, received);
            assertEquals(each.position(), received.position());
            assertEquals(each.limit(), received.limit());
            assertEquals(each.capacity(), received.capacity());
            assertEquals(each.order(), received.order());
            assertEquals(each.isReadOnly(), received.isReadOnly());
            assertTrue(!received.isDirect());
            assertEquals(each.duplicate().clear(), received.duplicate().clear());
        }
        ByteBuffer received = get(sent);
        sent.put(3, (byte) 99);
        assertEquals(0, received.get(3));
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

    @Test
    void shouldRefuseWhatIsMutableAndNotCopied() {
        for (Object each : List.of(new AtomicInteger(), new StringBuilder("x"), new java.util.Date(),
                Thread.currentThread(),
                String.class, new Object(), new BigDecimal("1") {
                    private static final long serialVersionUID = 1;
                }, new ArrayList<Object>() {
                    private static final long serialVersionUID = 1;
                })) {
            assertThrows(NotPortableException.class, () -> get(each), each.getClass().getName());
            assertThrows(NotPortableException.class, () -> get(new Object[]{each}), each.getClass().getName());
        }
    }

    @Test
    void shouldKeepSharedReferencesOfCollections() {
        List<Object> shared = new ArrayList<>(List.of(1));
        Map<Object, Object> map = new HashMap<>();
        map.put("map", map);
        map.put("a", shared);
        map.put("b", new Leaf(1));
        map.put("c", new Branch(shared, map));
        Map<Object, Object> received = get(map);
        assertSame(received, received.get("map"));
        var branch = (Branch) received.get("c");
        assertSame(received.get("a"), branch.left());
        assertSame(received, branch.right());
        Object[] array = {null, new int[]{1}, null, null};
        array[0] = array;
        array[2] = array[1];
        array[3] = Arrays.asList(array[1], array);
        Object[] copy = get(array);
        assertSame(copy, copy[0]);
        assertSame(copy[1], copy[2]);
        assertSame(copy[1], ((List<?>) copy[3]).get(0));
        assertSame(copy, ((List<?>) copy[3]).get(1));
    }

    /** More objects than are kept without a map. */
    @Test
    void shouldKeepManySharedReferences() {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(new ArrayList<>(List.of(i)));
        }
        all.addAll(all);
        List<Object> received = get(all);
        assertEquals(all, received);
        for (int i = 0; i < 100; i++) {
            assertSame(received.get(i), received.get(i + 100));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldCopyAnyGraphToAnEqualOne(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Object sent = any(random, 5, new ArrayList<>());
            Object received = get(sent);
            assertEquals(sent, received, () -> "seed " + seed);
            assertSame(sent.getClass(), received.getClass());
            assertEquals(sharing(sent), sharing(received), () -> "seed " + seed);
        }
    }

    private static Object any(Random random, int depth, List<Object> made) {
        if (!made.isEmpty() && random.nextInt(5) == 0) {
            return made.get(random.nextInt(made.size()));
        }
        if (depth == 0 || random.nextInt(4) == 0) {
            return random.nextBoolean() ? random.nextInt(100)
                    : random.nextBoolean() ? new Leaf(random.nextInt(9)) : Suit.SPADES;
        }
        List<Object> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            parts.add(any(random, depth - 1, made));
        }
        Object one = parts.get(0);
        Object whole = switch (random.nextInt(9)) {
            case 0 -> new ArrayList<>(parts);
            case 1 -> new LinkedHashSet<>(parts);
            case 2 -> new HashMap<>(Map.of(one, parts));
            case 3 -> List.copyOf(parts);
            case 4 -> Optional.of(one);
            case 5 -> new Branch(one, parts);
            case 6 -> new LinkedList<>(parts);
            case 7 -> Map.of(one, new Branch(null, one));
            default -> Arrays.asList(parts.toArray());
        };
        made.add(whole);
        return whole;
    }

    /** At which places of a walk the same list, set or map is met again. */
    private static List<Integer> sharing(Object root) {
        List<Integer> places = new ArrayList<>();
        walk(root, new IdentityHashMap<>(), places, new int[1]);
        return places;
    }

    private static void walk(Object object, Map<Object, Integer> seen, List<Integer> places, int[] place) {
        Stream<?> parts = switch (object) {
            case Collection<?> all -> all.stream();
            case Map<?, ?> map -> map.values().stream();
            case Branch(Object left, Object right) -> Stream.of(Optional.ofNullable(left), right);
            case Optional<?> optional -> optional.stream();
            default -> Stream.empty();
        };
        if (object instanceof ArrayList || object instanceof HashMap || object instanceof LinkedHashSet) {
            Integer before = seen.putIfAbsent(object, place[0]++);
            if (before != null) {
                places.add(before);
                return;
            }
        }
        parts.forEach(part -> walk(part, seen, places, place));
    }
}
