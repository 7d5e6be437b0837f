package dev.corral;

/** A worker's share of a port, which {@link WorkerContext#serve} opens. Closing it gives the share back. */
public interface ServerPort extends AutoCloseable {
    /** Returns the number of the port; if 0 was requested, the number that was chosen. */
    int port();

    /**
     * Returns whether workers share the port and the balancer distributes its connections; false for a port of this
     * worker alone ({@link ClusterConfig#withExclusivePorts}).
     */
    boolean balanced();

    /** Stops taking connections. Connections that are open continue. A second call has no effect. */
    @Override
    void close();
}
