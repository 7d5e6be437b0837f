package programs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.CloseableThreadContext;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A server that logs each request through Log4j: all loggers are asynchronous, with a context, into files that roll
 * over, in directory {@code LOG_DIR}. Its argument is the port.
 */
public final class Log4jProgram {
    private static final Logger LOG = LogManager.getLogger();
    private static final AtomicInteger REQUESTS = new AtomicInteger();
    private static final String WORKER = System.getenv("CORRAL_ID");
    private static final byte[] BODY = ("hello from worker " + WORKER + "\n").getBytes(StandardCharsets.UTF_8);

    private Log4jProgram() {}

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", Log4jProgram::answer);
        server.start();
        LOG.info("started");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String request = Integer.toString(REQUESTS.incrementAndGet());
        try (exchange; var _ = CloseableThreadContext.put("worker", WORKER).put("request", request)) {
            LOG.info("GET {}", exchange.getRequestURI());
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
        }
    }
}
