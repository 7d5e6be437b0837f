/**
 * Messages between the master and its workers, and among workers. A message goes straight into the bounded mailbox of
 * its receiver, and from there to the handler, one message at a time. {@code portable} decides which objects may cross.
 * {@link dev.corral.queue.BoundedQueue} bounds, closes and waits.
 *
 * <p>A {@link dev.corral.mailbox.MessageEndpoint} is a sender and receiver: the master, or one worker. The
 * {@link dev.corral.mailbox.MessageHub} finds endpoints by id. No endpoint refers to an object of another worker. The
 * hub removes an endpoint when its worker has ended; replies find their asker by id.
 */
@NullMarked
package dev.corral.mailbox;

import org.jspecify.annotations.NullMarked;
