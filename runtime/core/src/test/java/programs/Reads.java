package programs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** As {@link SocketHello}, and reads its configuration from a file before it serves. */
public final class Reads {
    private Reads() {}

    public static void main(String[] args) throws IOException {
        try (InputStream configuration = Files.newInputStream(Path.of("/dev/null"))) {
            int _ = configuration.read();
        }
        SocketHello.main(args);
    }
}
