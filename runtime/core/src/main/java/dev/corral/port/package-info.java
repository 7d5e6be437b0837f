/**
 * Ports that workers share. The master binds a port. Its acceptor, one thread per port, accepts connections. A
 * {@link dev.corral.Balancer} chooses a worker for each connection, and the acceptor puts the connection into that
 * worker's queue. The master owns the connection until the worker's server polls it.
 *
 * <p>{@link dev.corral.port.Ports} are the ports of a cluster. A {@link dev.corral.port.SharedPort} is one of them with
 * its {@link dev.corral.port.Acceptor}. A {@link dev.corral.port.PortShare} is one worker's part of a port. A server
 * gets its share in one of four ways:
 *
 * <ul>
 * <li>{@link dev.corral.port.SharedServerSocket}, which woven code creates in place of a {@code ServerSocket};
 * <li>{@link dev.corral.port.SharedSslServerSocket}, which does the same for TLS;
 * <li>{@link dev.corral.port.SharedServerSocketChannel}, which {@link dev.corral.port.SharedSelectorProvider} opens in
 * place of a {@code ServerSocketChannel}, for TCP and for Unix domain sockets;
 * <li>{@link dev.corral.port.ServedPort}, which implements {@code WorkerContext.serve}.</ul>
 *
 * <p>A worker that drains or stops reaches its own ports by a {@link dev.corral.port.SelfConnection}.
 * {@link dev.corral.port.WorkerPorts} remembers what a worker has opened, so that it is closed with the worker.
 *
 * <p>A {@link dev.corral.port.Connection} outlives its worker where possible. {@link dev.corral.port.WatchedChannel}
 * reports what is read and written. {@link dev.corral.port.HttpTraffic} determines from that whether an exchange is
 * under way. If none is, the socket returns to the acceptor over a second descriptor, while the server that had the
 * first one reads the end of the stream.
 *
 * <p>Threads: {@code Acceptor.ready} is written under the port's lock and read by the acceptor's thread. Only the
 * acceptor's thread chooses workers and adds connections to the queue of a share. The worker's threads poll that queue;
 * at its close, the closing thread polls it as well. User code (a balancer or the supplier of balancers) is never
 * called here while a lock is held.
 */
@NullMarked
package dev.corral.port;

import org.jspecify.annotations.NullMarked;
