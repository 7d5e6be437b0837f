package dev.corral.it;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import dev.corral.testing.Client;
import dev.corral.testing.Harness;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

/** A program with connections to a directory, which the JDK makes; one is in its pool, which workers have in common. */
class LdapProgramIT {
    private final Connections connections = new Connections();

    /** Those that the directory has, from its access log. */
    private static final class Connections extends Handler {
        final AtomicInteger open = new AtomicInteger();

        @Override
        public void publish(LogRecord log) {
            String message = log.getMessage();
            open.addAndGet(message.contains(" DISCONNECT ") ? -1 : message.contains(" CONNECT ") ? 1 : 0);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private InMemoryDirectoryServer directory() throws LDAPException, LDIFException {
        var config = new InMemoryDirectoryServerConfig("dc=corral");
        config.setListenerConfigs(InMemoryListenerConfig.createLDAPConfig("it", 0));
        config.setAccessLogHandler(connections);
        var directory = new InMemoryDirectoryServer(config);
        directory.add("dn: dc=corral", "objectClass: domain", "dc: corral");
        directory.add("dn: cn=greeting,dc=corral", "objectClass: device", "cn: greeting", "description: hello");
        directory.add("dn: cn=origin,dc=corral", "objectClass: device", "cn: origin", "description: from");
        directory.startListening();
        return directory;
    }

    @Test
    void shouldEndConnectionsWithTheWorkerThatHasOpenedThem() throws Exception {
        int port = Harness.freePort();
        InMemoryDirectoryServer directory = directory();
        Map<String, String> env = Map.of("LDAP_URL", "ldap://127.0.0.1:" + directory.getListenPort());
        try (var it = Programs.fourCopiesOf("ldap", port, config -> config.withEnv(env))) {
            assertEquals(Map.of(1, 25, 2, 25, 3, 25, 4, 25), Client.count(100, () -> Client.ask(port)));
            Programs.kill(it, 1); // which has opened the connection in the pool
            assertEquals(Map.of(2, 25, 3, 25, 4, 25, 5, 25), Client.count(100, () -> Client.ask(port)));
            Programs.endAllWithoutATrace(it);
            await().until(() -> connections.open.get() == 0);
        } finally {
            directory.shutDown(true);
        }
    }
}
