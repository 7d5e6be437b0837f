package dev.corral.reap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Corral does to the JDK's HTTP server. The server is not started, so nothing takes its events. */
class JdkHttpServerTest {
    private static Object field(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    /** A server that gets the reminder earlier fails an assertion, and its dispatcher ends. */
    @Test
    void shouldRemindAServerOnlyOnceItIsToStop() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Object implementation = field(server, "server");
        var it = new JdkHttpServer(implementation);
        it.remind();
        assertEquals(List.of(), field(implementation, "events"));
        server.stop(0);
        int before = ((List<?>) field(implementation, "events")).size();
        it.remind();
        assertEquals(before + 1, ((List<?>) field(implementation, "events")).size());
    }
}
