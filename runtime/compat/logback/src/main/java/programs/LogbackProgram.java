package programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * A server that logs each request through Logback: asynchronously, with a context, into files that roll over, in
 * directory {@code LOG_DIR}. Its argument is the port.
 */
public final class LogbackProgram {
    private static final Logger LOG = LoggerFactory.getLogger(LogbackProgram.class);
    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static final String WORKER = System.getenv("CORRAL_ID");
    private static final byte[] BODY = ("hello from worker " + WORKER + "\n").getBytes(StandardCharsets.UTF_8);

    private LogbackProgram() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", LogbackProgram::answer);
        server.start();
        LOG.info("started");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange; var _ = MDC.putCloseable("worker", WORKER);
                var _ = MDC.putCloseable("request", Integer.toString(REQUESTS.incrementAndGet()))) {
            LOG.info("GET {}", exchange.getRequestURI());
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
        }
    }
}
