package dev.corral.samples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.corral.samples.leaky.Background;
import dev.corral.samples.leaky.Blocks;
import dev.corral.samples.leaky.Kept;
import dev.corral.samples.leaky.Leak;
import dev.corral.samples.leaky.Query;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A server that can be made to leak in several ways, once or at a rate, or to create garbage; {@code /} lists the ways.
 * It counts the bytes that it keeps on purpose, and returns them at {@code /kept}, so that estimates can be compared
 * with the truth.
 *
 * <p>Try {@code corral run leaky -i 4 --max-live 200m}, then {@code curl 'localhost:8000/leak?mb=300'}.
 */
public final class Leaky {
    private static final long MB = 1 << 20;
    private static final int DEFAULT_SIZE = 1024;
    private static final String WORKER = "worker " + System.getenv("CORRAL_ID");
    private static final String HELP = """
            /leak?mb=N&size=B                 keeps N MB (of 1,048,576 bytes) in blocks of B bytes; 1 MB, 1024 bytes
            /leak?mbps=N&seconds=S&size=B     keeps N MB more each second, for S seconds; 60
            /churn?mb=N&size=B                makes N MB of garbage; likewise mbps, seconds
            /strings?mb=N                     strings
            /map?mb=N                         a map of boxed numbers
            /threadlocal?mb=N&size=B          in thread locals of a pool's threads
            /hook?mb=N&size=B                 in a shutdown hook
            /timer?mb=N&size=B                in the task of a timer
            /driver?mb=N&size=B               in a JDBC driver
            /mbean?mb=N&size=B                in an MBean
            /pool?mb=N&size=B                 on the threads of a pool that nobody shuts down
            /metaspace?classes=N              classes; 1000
            /overflow                         overflows the stack of a thread that allocates
            /kept                             bytes of the heap that all this takes
            /free                             lets all go
            /hello                            who answers""";

    private final Kept kept = new Kept();
    private final Background background = new Background();
    /** The latest block of garbage. It is stored in a field, because the JIT might otherwise not allocate it at all. */
    private volatile @Nullable Blocks garbage;

    private Leaky() {}

    public static void main(String[] args) throws IOException {
        int port = args.length == 0 ? 8000 : Integer.parseInt(args[0]);
        var server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        new Leaky().serve(server);
        server.start();
    }

    private void serve(HttpServer server) {
        serve(server, "/", List.of(), _ -> HELP);
        serve(server, "/hello", List.of(), _ -> "hello from " + WORKER);
        serve(server, "/kept", List.of(), _ -> Long.toString(kept.bytes()));
        serve(server, "/free", List.of(), _ -> free());
        serve(server, "/overflow", List.of(), _ -> overflow());
        serve(server, "/churn", List.of("mb", "mbps", "seconds", "size"), this::churn);
        for (Leak leak : Leak.values()) {
            List<String> parameters = switch (leak) {
                case LEAK -> List.of("mb", "mbps", "seconds", "size");
                case STRINGS, MAP -> List.of("mb");
                case METASPACE -> List.of("classes");
                case THREADLOCAL, HOOK, TIMER, DRIVER, MBEAN, POOL -> List.of("mb", "size");
            };
            serve(server, leak.path(), parameters, query -> keep(leak, query));
        }
    }

    private String keep(Leak leak, Query query) {
        int size = size(query);
        if (leak == Leak.METASPACE) {
            kept.add(leak.keep(query.number("classes", 1000, 1, 1_000_000), size));
        } else if (query.has("mbps")) {
            return inBackground("leak", query, size, bytes -> kept.add(leak.keep(bytes, size)));
        } else if (leak == Leak.LEAK) {
            piecemeal(megabytes(query), size, bytes -> kept.add(leak.keep(bytes, size)));
        } else {
            kept.add(leak.keep(megabytes(query), size));
        }
        return WORKER + " keeps " + kept.bytes() + " bytes";
    }

    private String churn(Query query) {
        int size = size(query);
        if (query.has("mbps")) {
            return inBackground("churn", query, size, bytes -> drop(bytes, size));
        }
        long bytes = megabytes(query);
        drop(bytes, size);
        return WORKER + " has made " + bytes + " bytes of garbage";
    }

    private String overflow() {
        try {
            return WORKER + " has a stack of " + depth(0) + " frames";
        } catch (StackOverflowError e) {
            return WORKER + " has caught a StackOverflowError";
        }
    }

    @SuppressWarnings("InfiniteRecursion") // the stack must overflow
    private int depth(int above) {
        garbage = Blocks.of(DEFAULT_SIZE, DEFAULT_SIZE);
        return 1 + depth(above + 1);
    }

    private void drop(long bytes, int size) {
        piecemeal(bytes, size, part -> garbage = Blocks.of(part, size));
        garbage = null;
    }

    /** Works in small parts, so that the heap is filled completely before an allocation fails. */
    private static void piecemeal(long bytes, int size, LongConsumer work) {
        long part = Math.max(MB, size);
        for (long left = bytes; left > 0; left -= part) {
            work.accept(Math.min(part, left));
        }
    }

    private String inBackground(String name, Query query, int size, LongConsumer work) {
        if (query.has("mb")) {
            throw new IllegalArgumentException("mb and mbps are both given; it must be one of them");
        }
        long rate = query.number("mbps", 1, 1, 10_000);
        long seconds = query.number("seconds", 60, 1, 86_400);
        background.start(name, rate * MB, size, Duration.ofSeconds(seconds), work);
        return WORKER + ": " + name + " of " + rate + " MB/s for " + seconds + " s";
    }

    private static int size(Query query) {
        return (int) query.number("size", DEFAULT_SIZE, Blocks.SMALLEST, Blocks.LARGEST);
    }

    private static long megabytes(Query query) {
        if (query.has("seconds")) {
            throw new IllegalArgumentException("seconds is given without mbps; it must be given with it");
        }
        return query.number("mb", 1, 1, 65_536) * MB;
    }

    private String free() {
        try {
            background.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return WORKER + " stops, and lets all go with that";
        }
        kept.free();
        return WORKER + " keeps " + kept.bytes() + " bytes";
    }

    private static void serve(HttpServer server, String path, List<String> parameters,
            Function<Query, String> handler) {
        server.createContext(path, exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, 404, "there is no " + exchange.getRequestURI().getPath() + "; there are\n" + HELP);
                return;
            }
            String text;
            try {
                text = handler.apply(new Query(exchange.getRequestURI(), parameters));
            } catch (IllegalArgumentException e) {
                answer(exchange, 400, String.valueOf(e.getMessage()));
                return;
            }
            answer(exchange, 200, text);
        });
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
