package programs;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;

/** Names much of what a JVM has once. */
public final class Touching {
    private Touching() {}

    public static void main(String[] args) throws IOException {
        try (var server = new ServerSocket(0)) {
            List.of(1, server.getLocalPort()).parallelStream().forEach(System.out::println);
        }
        nothing();
        System.exit(0);
    }

    private static native void nothing();
}
