package dev.corral.portable;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Message;
import dev.corral.Message.Transfer;
import dev.corral.NotPortableException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.net.Socket;
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

/** Records, enums and shared types between two sides that have each its own classes of the same names. */
class MarshallerTest {
    private static final Side.Shared SHARED = new Side.Shared(Sources.SHARED);
    private static final Map<String, byte[]> SHOP = SHARED.compileBelow(Sources.SHOP);
    private static final Map<String, byte[]> NEXT_SHOP = SHARED.compileBelow(Sources.NEXT_SHOP);

    private final Side a = SHARED.side(SHOP);
    private final Side b = SHARED.side(SHOP);

    private void assertRefused(String message, Object body) {
        assertRefused(message, body, b);
    }

    private static void assertRefused(String message, Object body, Side receiver) {
        var thrown = assertThrows(NotPortableException.class, () -> Marshaller.pack(body, receiver.types));
        assertEquals(message, thrown.getMessage());
        assertEquals(message.substring(0, message.indexOf(": ")), thrown.path());
    }

    private static Object shared(String name, Object... arguments) throws ReflectiveOperationException {
        return SHARED.type("common." + name).getConstructors()[0].newInstance(arguments);
    }

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
    void shouldRefuseASharedObjectThatCanHideSomething() throws Exception {
        assertRefused("counter: field count of common.Counter is not final", shared("Counter"));
        assertRefused("below: field count of common.Open is not final", shared("Below"));
        assertRefused("late: field text of common.Late is not final", shared("Late"));
        assertRefused("tally: field count of common.Tally is not final",
                SHARED.type("common.Tally").getEnumConstants()[0]);
        String rule =
                " would be copied, but common.Holder is shared and goes by reference, so it may hold only what does";
        assertRefused("holder.held: java.util.ArrayList" + rule, shared("Holder", new ArrayList<>()));
        assertRefused("holder.held: shop.Weight" + rule, shared("Holder", a.call("weight", 1)));
        assertRefused("holder.held: shop.Color" + rule, shared("Holder", a.call("color", "RED")));
        assertRefused("holder.held: int[]" + rule, shared("Holder", new int[0]));
        assertRefused("holder.held: a lambda of shop.Main is not portable", shared("Holder", a.call("lambda")));
        assertRefused(
                "box.content.held: shop.Cart is not portable: a class of its own; make it a record, or share its package with "
                        + "withShared",
                shared("Box", shared("Holder", a.call("cart"))));
        Object hidden = List.of(1, a.call("weight", 1), 2, 3).subList(2, 4);
        assertNotSame(hidden, b.get(hidden));
        assertRefused("holder.held: " + hidden.getClass().getName() + rule, shared("Holder", hidden));
    }

    @Test
    void shouldRefuseWithThePathAndTheReason() {
        var socket = new Socket();
        assertRefused("order.items[3].connection: java.net.Socket is not portable",
                a.call("order", socket, null, null));
        assertRefused("order.notes[\"tea\"]: java.net.Socket is not portable", a.call("order", 1, socket, null));
        assertRefused("order.extra.get(): java.net.Socket is not portable", a.call("order", 1, null, socket));
        assertRefused("hashMap[7]: java.net.Socket is not portable", new HashMap<>(Map.of(7, socket)));
        assertRefused("hashMap[GREEN]: java.net.Socket is not portable",
                new HashMap<>(Map.of(a.call("color", "GREEN"), socket)));
        assertRefused("hashMap[key]: java.net.Socket is not portable",
                new HashMap<>(Map.of(a.call("weight", 1), socket)));
        assertRefused("hashMap.key: java.net.Socket is not portable", new HashMap<>(Map.of(socket, 1)));
        assertRefused("array[1].element: java.net.Socket is not portable", new Object[]{1, new HashSetOf(socket).set});
        assertRefused("socket: java.net.Socket is not portable", socket);
        assertRefused("keyValueHolder[\"k\"]: java.net.Socket is not portable", Map.entry("k", socket));
        assertRefused("body: a lambda of shop.Main is not portable", a.call("lambda"));
        assertRefused(
                "shelf: shop.Shelf is not portable: a collection class of its own; send a copy of a class of the JDK",
                a.call("shelf"));
        assertRefused(
                "uncheckedIOException: java.io.UncheckedIOException is not portable: send a dev.corral.Failure of it",
                new java.io.UncheckedIOException(new java.io.IOException()));
        assertRefused(
                "treeSet.comparator(): a lambda of shop.Main is not portable: of comparators only natural order, reverse "
                        + "order and String.CASE_INSENSITIVE_ORDER are",
                sorted(a.call("comparator")));
        assertThrows(NullPointerException.class, () -> Marshaller.pack(null, b.types));
    }

    private record HashSetOf(Set<Object> set) {
        HashSetOf(Object element) {
            this(new java.util.HashSet<>(Set.of(element)));
        }
    }

    @SuppressWarnings("unchecked")
    private static Object sorted(Object comparator) {
        return new TreeSet<>((java.util.Comparator<Object>) comparator);
    }

    @Test
    void shouldRefuseWhatTheReceiverKnowsOtherwise() {
        Side next = SHARED.side(NEXT_SHOP);
        assertRefused("price: shop.Price(String item, long cents) is shop.Price(String item) at the receiver",
                a.call("price", "x", 1L), next);
        assertRefused("picky: shop.Picky(int n) is shop.Picky(long n) at the receiver", a.call("picky", 1), next);
        assertRefused("weight: shop.Weight(int grams) is no record at the receiver", a.call("weight", 1), next);
        assertRefused("empty: the receiver knows no class shop.Empty", a.call("empty"), next);
        assertRefused("array: the receiver knows no class shop.Sized", a.call("sized"), next);
        assertRefused("arrayList[0]: the receiver's shop.Color has no constant GREEN",
                new ArrayList<>(List.of(a.call("color", "GREEN"))),
                next);
        assertSame(next.type("shop.Color").getEnumConstants()[0], next.get(a.call("color", "RED")));
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

    @Test
    void shouldRefuseACycleThatCannotBeMadeAgain() {
        List<Object> list = new ArrayList<>();
        Object chain = a.call("chain", list);
        list.add(chain);
        assertRefused(
                "chain.next[0]: leads back to the shop.Chain that holds it; such a cycle must begin at an array or a collection "
                        + "that can be changed",
                chain);
        var received = (List<?>) b.get(list);
        assertSame(received, component(received.get(0)));
        List<Object> inner = new ArrayList<>();
        Object outer = Collections.unmodifiableList(inner);
        inner.add(outer);
        var thrown = assertThrows(NotPortableException.class, () -> b.get(outer));
        assertTrue(thrown.getMessage().startsWith("unmodifiableRandomAccessList[0]: leads back"), thrown.getMessage());
    }

    private static Object component(Object record) {
        try {
            return record.getClass().getMethod(record.getClass().getRecordComponents()[0].getName()).invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** As many copies as references would be two to the power of 60. */
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
    void shouldRefuseWhatIsNestedTooDeep() {
        Object body = "x";
        for (int i = 0; i < Packer.MAX_DEPTH; i++) {
            body = a.call("chain", body);
        }
        Object received = b.get(body);
        for (int i = 0; i < Packer.MAX_DEPTH; i++) {
            received = component(received);
        }
        assertEquals("x", received);
        Object tooDeep = a.call("chain", body);
        String half = ".next".repeat(16);
        assertRefused("chain" + half + "..." + half + ": nested deeper than 1000 levels", tooDeep);
        Object nested = List.of();
        for (int i = 0; i < 100_000; i++) {
            nested = List.of(nested);
        }
        Object far = nested;
        assertThrows(NotPortableException.class, () -> b.get(far));
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
    void shouldTakeNoTransferOfAMessageThatIsRefused() {
        byte[] bytes = {1};
        var transfer = Message.transfer(bytes);
        assertRefused("array[1]: java.net.Socket is not portable", new Object[]{transfer, new Socket()});
        assertRefused("array[1]: a transfer can be sent once, and is in the message twice",
                new Object[]{transfer, transfer});
        var sent = Message.transfer(bytes);
        sent.take();
        assertThrows(IllegalStateException.class, () -> Marshaller.pack(new Object[]{transfer, sent}, b.types));
        assertFalse(transfer.taken());
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
