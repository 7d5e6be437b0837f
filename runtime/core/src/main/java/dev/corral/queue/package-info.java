/**
 * JCTools queues with a protocol by which the consumer parks while its queue is empty. The master's control loop, the
 * carriers, the acceptor, the mailboxes and the log take their work from such queues.
 *
 * <p>Threads: any thread may add an element. One thread at a time takes elements, and only that thread parks.
 */
@NullMarked
package dev.corral.queue;

import org.jspecify.annotations.NullMarked;
