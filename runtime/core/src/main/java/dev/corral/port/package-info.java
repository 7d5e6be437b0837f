/**
 * Ports that workers share. The master binds; an acceptor, one thread per port, takes connections and hands each to the
 * queue of one worker, chosen by a {@link dev.corral.Balancer}, where it stays the master's until the worker's server polls it.
 *
 * <p>{@link dev.corral.port.Ports} are those of a cluster, {@link dev.corral.port.SharedPort} is one of them with its
 * {@link dev.corral.port.Acceptor}, {@link dev.corral.port.PortShare} a worker's part of it. A server gets at its share in four ways:
 * {@link dev.corral.port.SharedServerSocket}, which woven code makes in place of a {@code ServerSocket}, and its siblings for
 * TLS; {@link dev.corral.port.SharedServerSocketChannel}, which {@link dev.corral.port.SharedSelectorProvider} opens for a worker in place
 * of a {@code ServerSocketChannel}, of TCP or of a Unix domain; and {@link dev.corral.port.ServedPort}, behind
 * {@code WorkerContext.serve}. {@link dev.corral.port.SelfConnection} is how a worker that is to go
 * reaches itself. {@link dev.corral.port.WorkerPorts} keeps what a worker has opened, to be closed with it.
 *
 * <p>A {@link dev.corral.port.Connection} outlives its worker where it can: {@link dev.corral.port.WatchedChannel} shows what is read and
 * written, {@link dev.corral.port.HttpTraffic} tells from that whether an exchange is under way, and if none is, the socket goes back to the
 * acceptor over a second descriptor, while the first one's server reads the end of the stream.
 *
 * <p>Who touches what: {@code Acceptor.ready} is replaced under the port's lock and read by the acceptor's thread; only the acceptor
 * chooses; a share's queue takes from the acceptor and from nobody else, and is polled by the worker's threads and, at its
 * end, by whoever closes it. User code, a balancer or its supplier, is never called here with a lock held.
 */
@NullMarked
package dev.corral.port;

import org.jspecify.annotations.NullMarked;
