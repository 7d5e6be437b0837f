package dev.corral.redirect.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a worker reads that nobody has set. */
class SystemPropertiesTest {
    private static final String RELOCATED = "io.grpc.netty.shaded.io.netty.transport.noNative";

    private final SystemProperties properties = new SystemProperties(Map.of());

    @Test
    void shouldTellNettyToDoWithoutTransportsThatListenInNativeCode() {
        assertEquals("true", properties.getProperty("io.netty.transport.noNative"));
        assertEquals("true", properties.getProperty(RELOCATED, "false"));
        assertTrue(properties.getBoolean(RELOCATED));
        assertNull(properties.getProperty("io.netty.noUnsafe"));
    }

    @Test
    void shouldLeaveTheChoiceOfNettysTransportsToWhoeverSetsIt() {
        properties.setProperty("io.netty.transport.noNative", "false");
        assertFalse(properties.getBoolean("io.netty.transport.noNative"));
        assertFalse(new SystemProperties(Map.of(RELOCATED, "false")).getBoolean(RELOCATED));
    }
}
