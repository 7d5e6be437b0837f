package dev.corral;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Chooses the worker that receives a connection. Each shared port has one instance, which only the acceptor of that
 * port calls. Messages to any worker use further instances, one for each thread that sends at the same moment.
 * Therefore only one thread at a time calls an instance. Corral holds no lock during the call. A balancer needs no
 * lock, and must not block. If it throws, or returns a worker that was not offered, Corral logs this and the next
 * worker in turn gets the connection.
 *
 * <pre>{@code
 * Balancer idlest = (client, ready) -> ready.stream().min(Comparator.comparingDouble(Worker::busy)).orElseThrow();
 * }</pre>
 */
@FunctionalInterface
public interface Balancer {
    /**
     * Returns the worker that receives this connection. If the worker's queue is full, the method is called again for
     * the same connection, without that worker in the list.
     *
     * @param client the address of the client; for a Unix domain socket an unresolved address with an empty name
     * @param ready the workers that may receive the connection, by slot; never empty, and unmodifiable
     * @return one of {@code ready}
     */
    Worker choose(InetSocketAddress client, List<Worker> ready);

    /** Returns a balancer that chooses each worker in turn, by slot. The default. */
    static Balancer roundRobin() {
        return Implementation.roundRobin();
    }

    /**
     * Returns a balancer that chooses workers in proportion to their {@link Worker#weight}, as evenly as possible:
     * weights of 5, 1 and 1 give a a b a c a a. This is the smooth weighted round robin of nginx
     * ({@code ngx_http_upstream_round_robin.c}), without nginx's weights that fall with failures.
     */
    static Balancer weighted() {
        return Implementation.weighted();
    }

    /**
     * Returns a balancer that chooses the worker with the fewest {@link Worker#connections}, in proportion to its
     * weight. Among equals it chooses as {@link #weighted} does. A worker that answers slowly receives fewer
     * connections.
     */
    static Balancer leastConnections() {
        return Implementation.leastConnections();
    }

    /**
     * Returns a balancer that chooses the same slot for the same client address, also after the worker of the slot was
     * replaced, in proportion to the weights. While a slot has no ready worker, its clients go to other slots; other
     * clients keep theirs. The method is weighted rendezvous hashing (Thaler and Ravishankar 1998; Schindelhauer and
     * Schomaker 2005).
     */
    static Balancer clientHash() {
        return Implementation.clientHash();
    }
}
