package dev.corral;

import java.net.Socket;

/** Serves one connection of {@link WorkerContext#serve}. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Called on a virtual thread of its own; blocking is fine. The connection is closed when this returns. What it throws
     * closes the connection as well, is logged and counted ({@link WorkerStats.Traffic#failed}), and ends nothing.
     */
    void handle(Socket connection) throws Exception;
}
