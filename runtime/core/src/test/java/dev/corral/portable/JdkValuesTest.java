package dev.corral.portable;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values, arrays and buffers of the JDK: which are passed by reference, which are copied, and which are refused. */
class JdkValuesTest extends JdkValuesFixture {
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
}
