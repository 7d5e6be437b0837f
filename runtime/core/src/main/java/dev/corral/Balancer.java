package dev.corral;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Chooses who gets a connection. Each shared port has one instance of its own, called by its acceptor only. Messages to any worker
 * have instances of their own: one for each thread that sends at the same moment. So only one thread at a time calls an instance, and
 * Corral holds no lock meanwhile; a balancer needs no lock, and must not block. What it throws is logged, and so is a worker that was not offered; the turn then goes round.
 *
 * <pre>{@code
 * Balancer idlest = (client, ready) -> ready.stream().min(Comparator.comparingDouble(Worker::busy)).orElseThrow();
 * }</pre>
 */
@FunctionalInterface
public interface Balancer {
    /**
     * The worker that is to get this connection. Where its queue is full, the same connection is offered again, without it.
     *
     * @param client the other end; of a Unix domain socket an unresolved address with an empty name
     * @param ready workers that may take it, by slot; never empty, not to be changed
     * @return one of {@code ready}
     */
    Worker choose(InetSocketAddress client, List<Worker> ready);

    /** Each in turn, by slot. The default. */
    static Balancer roundRobin() {
        return Implementation.roundRobin();
    }

    /**
     * Each as often as its {@link Worker#weight} says, and as evenly as that can be: weights of 5, 1, 1 give a a b a c a a.
     * The smooth weighted round robin of nginx ({@code ngx_http_upstream_round_robin.c}), without its weights that fall
     * with failures.
     */
    static Balancer weighted() {
        return Implementation.weighted();
    }

    /**
     * Whoever has the fewest {@link Worker#connections}, in proportion to its weight; among equals as {@link #weighted}. A
     * worker that is slow to answer gets fewer.
     */
    static Balancer leastConnections() {
        return Implementation.leastConnections();
    }

    /**
     * The same client address to the same slot, whichever worker is in it, in proportion to the weights. While a slot has
     * no ready worker its clients go to others, and nobody else's do: weighted rendezvous hashing (Thaler and Ravishankar
     * 1998; Schindelhauer and Schomaker 2005).
     */
    static Balancer clientHash() {
        return Implementation.clientHash();
    }
}
