package dev.corral.portable;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Message;
import dev.corral.Message.Transfer;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Records, enums, arrays and shared types that one side sends to the other. */
class MarshallerTest extends MarshallerFixture {
    @Test
    void shouldMakeRecordsOfTheReceiver() {
        Object received = b.get(a.call("order", "c", a.call("weight", 7), a.call("color", "GREEN")));
        assertEquals(b.call("order", "c", b.call("weight", 7), b.call("color", "GREEN")), received);
        assertSame(b.type("shop.Order"), received.getClass());
        assertEquals(b.call("empty"), b.get(a.call("empty")));
        assertEquals(b.call("tagged", 3), b.get(a.call("tagged", 3)));
    }

    @Test
    void shouldRunCodeOfTheReceiverOnItsThreadOnly() throws Exception {
        Object price = a.call("price", "tea", 250L);
        @SuppressWarnings("unchecked")
        var log = (List<String>) SHARED.type("common.Log").getField("LINES").get(null);
        log.clear();
        Object packed = Marshaller.pack(price, b.types);
        assertEquals(List.of(), log);
        var thread = new Thread(() -> Marshaller.unpack(packed, b.types), "receiver");
        thread.start();
        thread.join();
        assertEquals(List.of("initialised", "made by receiver"), log);
    }

    @Test
    void shouldThrowWhatAConstructorOfTheReceiverThrows() throws Exception {
        var refused = SHARED.type("common.Log").getField("refused");
        Object packed = Marshaller.pack(a.call("picky", 12345), b.types);
        refused.set(null, 12345);
        try {
            var thrown = assertThrows(UnsupportedOperationException.class, () -> Marshaller.unpack(packed, b.types));
            assertEquals("refused 12345", thrown.getMessage());
        } finally {
            refused.set(null, -1);
        }
    }

    @Test
    void shouldMakeConstantsOfTheReceiver() {
        assertSame(b.call("color", "RED"), b.get(a.call("color", "RED")));
        assertSame(b.call("color", "BLUE"), b.get(a.call("color", "BLUE")));
        assertSame(b.call("color", "GREEN"), b.get(a.call("color", "GREEN")));
        assertSame(b.call("color", "RED"), b.get(a.call("color", "RED")));
        assertEquals(b.call("colors", (Object) new String[]{"GREEN"}),
                b.get(a.call("colors", (Object) new String[]{"GREEN"})));
        Object none = b.get(a.call("colors", (Object) new String[0]));
        assertEquals(Set.of(), none);
        @SuppressWarnings("unchecked")
        var set = (Set<Object>) none;
        set.add(b.call("color", "RED"));
        assertEquals(b.call("byColor", false), b.get(a.call("byColor", false)));
        @SuppressWarnings("unchecked")
        var map = (Map<Object, Object>) b.get(a.call("byColor", true));
        map.put(b.call("color", "RED"), 1);
        assertThrows(ClassCastException.class, () -> map.put(a.call("color", "RED"), 1));
    }

    @Test
    void shouldMakeArraysOfTheReceiver() {
        Object weights = b.get(a.call("weights"));
        assertSame(b.call("weights").getClass(), weights.getClass());
        assertArrayEquals((Object[]) b.call("weights"), (Object[]) weights);
        Object sized = b.get(a.call("sized"));
        assertSame(b.type("shop.Sized"), sized.getClass().getComponentType());
        Object points = Array.newInstance(SHARED.type("common.Point"), 2);
        Object received = b.get(points);
        assertNotSame(points, received);
        assertArrayEquals((Object[]) points, (Object[]) received);
        assertSame(points.getClass(), received.getClass());
    }

    @Test
    void shouldSortAndHashByCodeOfTheReceiver() {
        var sent = new TreeSet<>(Set.of(a.call("weight", 3), a.call("weight", 1)));
        assertEquals(new TreeSet<>(Set.of(b.call("weight", 1), b.call("weight", 3))), b.get(sent));
        assertEquals(Map.of(b.call("weight", 1), 1), b.get(new HashMap<>(Map.of(a.call("weight", 1), 1))));
        assertEquals(Set.of(b.call("weight", 1), b.call("weight", 2)),
                b.get(Set.of(a.call("weight", 2), a.call("weight", 1))));
    }

    @Test
    void shouldPassWhatIsSharedAndImmutableByReference() throws Exception {
        Object point = shared("Point", 1, 2);
        assertSame(point, b.get(point));
        Object box = shared("Box", List.of("x", point, TimeUnit.DAYS));
        assertSame(box, b.get(box));
        Object holder = shared("Holder", Optional.of(point));
        assertSame(holder, b.get(holder));
        Object loop = shared("Loop");
        assertSame(loop, b.get(loop));
        for (Object level : SHARED.type("common.Level").getEnumConstants()) {
            assertSame(level, b.get(level));
        }
        Object lambda = SHARED.type("common.Holder").getMethod("lambda").invoke(null);
        assertSame(lambda, b.get(lambda));
        Object list = List.of(point, "x");
        assertSame(list, b.get(list));
    }

    @Test
    void shouldCopyASharedRecordThatHoldsWhatIsCopied() throws Exception {
        List<Object> content = new ArrayList<>(List.of("x"));
        Object box = shared("Box", content);
        Object received = b.get(box);
        assertEquals(box, received);
        content.add("y");
        assertNotEquals(box, received);
        assertEquals(shared("Box", b.call("weight", 1)), b.get(shared("Box", a.call("weight", 1))));
    }

    @Test
    void shouldKeepCyclesAndSharedReferences() {
        List<Object> list = new ArrayList<>();
        Object chain = a.call("chain", list);
        list.addAll(Arrays.asList(list, chain, chain, a.call("weight", 1)));
        var received = (List<?>) b.get(list);
        assertNotSame(list, received);
        assertSame(received, received.get(0));
        assertSame(received.get(1), received.get(2));
        assertSame(b.type("shop.Chain"), received.get(1).getClass());
        assertSame(received, component(received.get(1)));
        assertEquals(b.call("weight", 1), received.get(3));
    }

    /** Without sharing there would be 2 to the power of 60 copies. */
    @Test
    void shouldCopyWhatIsReferredToOftenOnce() {
        Object body = a.call("chain", 1);
        for (int i = 0; i < 60; i++) {
            body = a.call("chain", i % 2 == 0 ? new Object[]{body, body} : List.of(body, body));
        }
        Object received = b.get(body);
        var pair = (List<?>) component(received);
        assertSame(pair.get(0), pair.get(1));
    }

    @Test
    void shouldHandTransfersOver() throws Exception {
        byte[] bytes = {1, 2};
        assertSame(bytes, b.get(Message.transfer(bytes)));
        var transfer = Message.transfer(bytes);
        assertSame(bytes, ((List<?>) b.get(List.of("x", transfer))).get(1));
        assertTrue(transfer.taken());
        assertEquals("the transfer was sent already: it can be sent or taken once",
                assertThrows(IllegalStateException.class, () -> Marshaller.pack(transfer, b.types)).getMessage());
        assertThrows(IllegalStateException.class, transfer::take);
        Object upload = b.get(shared("Upload", "x", Message.transfer(bytes)));
        assertSame(bytes, ((Transfer) upload.getClass().getMethod("data").invoke(upload)).take());
        assertSame(bytes, ((Transfer[]) b.get(new Transfer[]{Message.transfer(bytes)}))[0].take());
    }

    @Test
    void shouldPackToWhatHoldsNothingOfEitherSide() throws Exception {
        Deque<Object> toVisit = new ArrayDeque<>(List.of(Marshaller.pack(a.call("all"), b.types)));
        Set<Object> visited = Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        while (!toVisit.isEmpty()) {
            Object each = toVisit.pop();
            if (!visited.add(each)) {
                continue;
            }
            Class<?> type = each instanceof Class<?> itself ? itself : each.getClass();
            ClassLoader loader = type.getClassLoader();
            assertTrue(loader == null || loader == Side.class.getClassLoader(), type.getName());
            if (each instanceof Object[] array) {
                Arrays.stream(array).filter(element -> element != null).forEach(toVisit::push);
            }
            for (Class<?> level = each.getClass(); level != null && !(each instanceof Class<?>); level =
                    level.getSuperclass()) {
                if (!level.getName().startsWith("java.") || level.getName().startsWith("java.util.")) {
                    for (var field : level.getDeclaredFields()) {
                        if (!java.lang.reflect.Modifier.isStatic(field.getModifiers())
                                && !field.getType().isPrimitive()) {
                            field.setAccessible(true);
                            Object value = field.get(each);
                            if (value != null) {
                                toVisit.push(value);
                            }
                        }
                    }
                }
            }
        }
        assertTrue(visited.size() > 50, "visited " + visited.size());
    }

    @Test
    void shouldKeepNoSenderAlive() throws Exception {
        Side gone = SHARED.side(SHOP);
        var loader = new WeakReference<>(gone.loader());
        Object first = Marshaller.pack(gone.call("all"), b.types);
        Object second = b.get(gone.call("all"));
        gone = null;
        awaitCollected(loader);
        assertEquals(((List<?>) second).get(1), ((List<?>) Marshaller.unpack(first, b.types)).get(1));
    }

    @Test
    void shouldKeepNoReceiverAlive() throws Exception {
        Side gone = SHARED.side(SHOP);
        var loader = new WeakReference<>(gone.loader());
        Object packed = Marshaller.pack(a.call("all"), gone.types);
        gone.get(a.call("all"));
        gone = null;
        awaitCollected(loader);
        Reference.reachabilityFence(packed);
    }

    private static void awaitCollected(WeakReference<?> loader) {
        await("the loader is collected").until(() -> {
            System.gc();
            return loader.refersTo(null);
        });
    }
}
