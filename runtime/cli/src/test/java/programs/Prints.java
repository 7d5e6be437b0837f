package programs;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Prints what its arguments name. */
public final class Prints {
    private Prints() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "bytes" -> bytes();
            case "long" -> System.out.println("x".repeat(100_000));
            case "lines" -> lines(Integer.parseInt(args[1]));
            case "serve" -> serve(Integer.parseInt(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
        if (args.length > 2) {
            System.exit(Integer.parseInt(args[2]));
        }
    }

    /** UTF-8 whatever the locale, as logging libraries print it; and each byte but line breaks. */
    private static void bytes() {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).println("gr\u00fc\u00dfe \u65e5\u672c");
        for (int i = 0; i < 256; i++) {
            if (i != '\n' && i != '\r') {
                System.out.write(i);
            }
        }
        System.out.write('\n');
    }

    private static void lines(int count) {
        for (int i = 0; i < count; i++) {
            System.out.println("line " + i + " " + "-".repeat(100));
        }
    }

    /** {@code /lines} prints more than a pipe holds, {@code /exit} ends it with 3. */
    private static void serve(int port) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/lines" -> lines(2000);
                case "/exit" -> System.exit(3);
                default -> {
                }
            }
            byte[] body = System.getenv("CORRAL_ID").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
