package dev.corral;

/** A worker's part of a port; closing it gives it back. */
public interface ServerPort extends AutoCloseable {
    /** The port that was bound; the real one where 0 was asked for. */
    int port();

    /**
     * Whether workers share it, and the master hands its connections to them by the balancer; false for a port that is this
     * worker's own ({@link ClusterConfig#withExclusivePorts}).
     */
    boolean balanced();

    /** Takes no connection any more; those under way go on. A second call does nothing. */
    @Override
    void close();
}
