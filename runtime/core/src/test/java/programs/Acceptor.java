package programs;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The first worker binds and never accepts; the others answer with their id. */
public final class Acceptor {
    private Acceptor() {}

    public static void main(String[] args) throws Exception {
        try (var server = new ServerSocket(Integer.parseInt(args[0]))) {
            if (System.getenv("CORRAL_ID").equals("1")) {
                Thread.sleep(Long.MAX_VALUE);
            }
            while (true) {
                Socket connection = server.accept();
                Thread.startVirtualThread(() -> answer(connection));
            }
        }
    }

    private static void answer(Socket connection) {
        try (connection) {
            if (connection.getInputStream().read() >= 0) {
                connection.getOutputStream()
                        .write((System.getenv("CORRAL_ID") + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            System.out.println(e);
        }
    }
}
