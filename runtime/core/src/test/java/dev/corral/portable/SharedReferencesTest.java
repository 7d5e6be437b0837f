package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of graphs of objects, in which several references lead to the same object. */
class SharedReferencesTest extends JdkValuesFixture {
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

    /** The number of objects exceeds the number that the marshaller tracks without a map. */
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

    /** Returns the places of a walk at which a list, set or map is visited again. */
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
