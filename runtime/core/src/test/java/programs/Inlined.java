package programs;

import dev.corral.WorkerContext;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;

/**
 * A server whose first worker brings the JIT to compile the JDK's methods that wait for permits with a class of the
 * program inlined, as Tomcat's does by its limit of connections.
 */
public final class Inlined {
    private Inlined() {}

    /** Lets everybody through, some at the second attempt, so that the way to waiting is compiled too. */
    private static final class Gate extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;
        private int attempts;

        @Override
        protected int tryAcquireShared(int permits) {
            return ++attempts % 3 == 0 ? -1 : permits;
        }
    }

    public static void main(String[] args) throws IOException {
        var server = new ServerSocket(Integer.parseInt(args[0]));
        if (WorkerContext.current().id() == 1) {
            var busy = new Thread(Inlined::passTheGate);
            busy.setDaemon(true);
            busy.start();
        }
        byte[] id = (WorkerContext.current().id() + "\n").getBytes(StandardCharsets.US_ASCII);
        while (true) {
            try (Socket connection = server.accept()) {
                connection.getOutputStream().write(id);
            }
        }
    }

    private static void passTheGate() {
        var gate = new Gate();
        while (true) {
            try {
                gate.acquireSharedInterruptibly(1);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
