package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.corral.Message;
import dev.corral.NotPortableException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Messages that the marshaller refuses, and the path and the reason that it reports. */
class MarshallerRefusalsTest extends MarshallerFixture {
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
}
