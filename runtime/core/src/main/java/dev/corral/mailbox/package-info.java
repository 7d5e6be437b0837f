/**
 * Messages between the master and its workers, and among workers: straight into the receiver's mailbox, which is bounded, and from
 * there to its handler, one at a time. What may cross is decided by {@code portable}; how full, closed and waited for is done by
 * {@link dev.corral.queue.BoundedQueue}.
 *
 * <p>A {@link dev.corral.mailbox.MessageEndpoint} is who sends and receives: the master, or one worker. The {@link dev.corral.mailbox.MessageHub} knows
 * them by their ids. Nothing here refers to an object of a worker from outside of its own side, and a side is let go of when its worker
 * has ended: replies find their way by id.
 */
@NullMarked
package dev.corral.mailbox;

import org.jspecify.annotations.NullMarked;
