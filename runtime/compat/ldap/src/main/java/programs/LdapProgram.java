package programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.Attributes;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * A server that finds its words in the directory at {@code LDAP_URL}: on a connection of its own, and on one of the
 * JDK's pool for each request. Its argument is the port.
 */
public final class LdapProgram {
    private static final String POOLED = "com.sun.jndi.ldap.connect.pool";

    private final DirContext directory;

    private LdapProgram() throws NamingException {
        directory = connect("false");
    }

    public static void main(String[] args) throws IOException, NamingException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.createContext("/", new LdapProgram()::answer);
        server.start();
    }

    @SuppressWarnings("JdkObsolete") // JNDI takes a Hashtable
    private static DirContext connect(String pooled) throws NamingException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
        environment.put(Context.PROVIDER_URL, System.getenv("LDAP_URL"));
        environment.put(POOLED, pooled);
        return new InitialDirContext(environment);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String words = find(directory, "cn=greeting,dc=corral") + " " + findPooled("cn=origin,dc=corral");
            byte[] body = (words + " worker " + System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (NamingException e) {
            throw new IOException(e);
        }
    }

    private static Object findPooled(String name) throws NamingException {
        DirContext pooled = connect("true");
        try {
            return find(pooled, name);
        } finally {
            pooled.close();
        }
    }

    @SuppressWarnings("BanJNDI") // the program is about JNDI, and its directory is a part of the test
    private static Object find(DirContext directory, String name) throws NamingException {
        Attributes attributes = directory.getAttributes(name, new String[]{"description"});
        return attributes.get("description").get();
    }
}
