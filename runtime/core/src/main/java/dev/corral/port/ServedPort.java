package dev.corral.port;

import dev.corral.ConnectionHandler;
import dev.corral.ServerPort;
import dev.corral.WorkerKilled;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/** A port that a worker serves with a handler. One thread waits for connections, and each connection has a thread. */
final class ServedPort implements ServerPort {
    private static final Log LOG = Log.get();

    private final PortShare share;
    private final ConnectionHandler handler;
    private final Thread.Builder threads;
    private final Runnable failed;

    ServedPort(PortShare share, ConnectionHandler handler, Thread.Builder threads, Runnable failed) {
        this.share = share;
        this.handler = handler;
        this.threads = threads;
        this.failed = failed;
    }

    void start() {
        threads.start(this::accept);
    }

    private void accept() {
        try {
            while (!share.isClosed()) {
                SocketChannel connection = share.take(0);
                if (connection != null) {
                    threads.start(() -> serve(connection));
                }
            }
        } catch (InterruptedException e) {
            share.close(); // the worker is being ended
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            handler.handle(connection.socket());
        } catch (WorkerKilled e) {
            // the worker is being ended
        } catch (Throwable e) { // whatever the program throws
            failed.run();
            LOG.log(Level.DEBUG, () -> "closed a connection to " + share.address() + ": its handler threw", e);
        }
    }

    @Override
    public int port() {
        return ((InetSocketAddress) share.address()).getPort();
    }

    @Override
    public boolean balanced() {
        return share.isBalanced();
    }

    @Override
    public void close() {
        share.close();
    }

    @Override
    public String toString() {
        return "port " + port() + (balanced() ? ", shared" : ", exclusive");
    }
}
