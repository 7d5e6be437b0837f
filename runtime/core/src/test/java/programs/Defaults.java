package programs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * Defaults that a JVM has once. The first argument names one, the second is the port of a server that answers as the test has
 * it. The worker of slot 0 sets it and prints what it sees then, the others only print what they see, as the test does itself.
 */
public final class Defaults {
    private Defaults() {}

    public static void main(String[] args) throws Exception {
        boolean first = "0".equals(System.getenv("CORRAL_SLOT"));
        System.out.println("sees " + see(args[0], Integer.parseInt(args[1]), first));
        new CountDownLatch(1).await();
    }

    /** What there is to be seen, after it has been set if so wanted. */
    public static String see(String what, int port, boolean set) throws Exception {
        return switch (what) {
            case "input" -> input(set);
            default -> throw new IllegalArgumentException(what);
        };
    }

    private static String input(boolean set) throws IOException {
        if (set) {
            System.setIn(new ByteArrayInputStream("a line\n".getBytes(StandardCharsets.UTF_8)));
        }
        return IO.readln() + ", " + System.in.read() + ", " + System.console();
    }
}
