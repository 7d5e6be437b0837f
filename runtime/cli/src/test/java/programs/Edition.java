package programs;

import dev.corral.WorkerContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/**
 * Tells which edition it is, by a file of its class path, and listens; says that it is ready if that stands there, too.
 */
public final class Edition {
    private Edition() {}

    /** A second's work and more. */
    private static void compute() {
        long end = System.nanoTime() + 1_500_000_000;
        long sum = 0;
        while (System.nanoTime() < end) {
            sum = sum * 31 + end;
        }
        System.out.println(sum == 0 ? "" : "has been busy");
    }

    public static void main(String[] args) throws IOException {
        String edition;
        try (InputStream in = Edition.class.getResourceAsStream("/edition")) {
            edition = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (edition.contains("broken")) {
            throw new IllegalStateException("edition " + edition);
        }
        try (var server = new ServerSocket(0)) {
            System.out.println("edition " + edition);
            if (edition.contains("ready")) {
                WorkerContext.current().ready();
            }
            if (edition.contains("busy")) {
                compute();
            }
            while (true) {
                server.accept().close();
            }
        }
    }
}
