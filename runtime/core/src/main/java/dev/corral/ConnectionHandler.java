package dev.corral;

import java.net.Socket;

/** Serves the connections of {@link WorkerContext#serve}, each on its own virtual thread. */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Serves one connection. Called on a virtual thread of its own, so it may block. Corral closes the connection when
     * this method returns or throws. An exception is logged and counted ({@link WorkerStats.Traffic#failed}); it does
     * not end the worker.
     */
    void handle(Socket connection) throws Exception;
}
