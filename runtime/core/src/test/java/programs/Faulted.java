package programs;

import dev.corral.WorkerContext;
import java.io.IOException;

/** As {@link SocketHello}, and with something to do when it drains and when it stops. */
public final class Faulted {
    private Faulted() {}

    public static void main(String[] args) throws IOException {
        WorkerContext.current().onDrain(() -> System.out.println("drained"));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
        SocketHello.main(args);
    }
}
