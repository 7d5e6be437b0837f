/**
 * Balancers, and {@link dev.corral.balance.GuardedBalancer}, which calls the balancer of a cluster. A balancer may be
 * the user's code: it may throw an exception, and it may choose a worker that is not ready.
 *
 * <p>Threads: one thread at a time calls a balancer, so the classes of this package need no locks.
 */
@NullMarked
package dev.corral.balance;

import org.jspecify.annotations.NullMarked;
