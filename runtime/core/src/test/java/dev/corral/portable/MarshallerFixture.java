package dev.corral.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.corral.NotPortableException;
import java.util.Map;

/** Two sides that have their own classes of the same names, and share some classes. */
abstract class MarshallerFixture {
    static final Side.Shared SHARED = new Side.Shared(Sources.SHARED);
    static final Map<String, byte[]> SHOP = SHARED.compileBelow(Sources.SHOP);
    static final Map<String, byte[]> NEXT_SHOP = SHARED.compileBelow(Sources.NEXT_SHOP);

    final Side a = SHARED.side(SHOP);
    final Side b = SHARED.side(SHOP);

    void assertRefused(String message, Object body) {
        assertRefused(message, body, b);
    }

    static void assertRefused(String message, Object body, Side receiver) {
        var thrown = assertThrows(NotPortableException.class, () -> Marshaller.pack(body, receiver.types));
        assertEquals(message, thrown.getMessage());
        assertEquals(message.substring(0, message.indexOf(": ")), thrown.path());
    }

    static Object shared(String name, Object... arguments) throws ReflectiveOperationException {
        return SHARED.type("common." + name).getConstructors()[0].newInstance(arguments);
    }

    static Object component(Object record) {
        try {
            return record.getClass().getMethod(record.getClass().getRecordComponents()[0].getName()).invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
