package programs;

import dev.corral.WorkerContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;

/** Tells which edition it is, by a file of its class path, and listens; says that it is ready if that stands there, too. */
public final class Edition {
    private Edition() {}

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
            while (true) {
                server.accept().close();
            }
        }
    }
}
