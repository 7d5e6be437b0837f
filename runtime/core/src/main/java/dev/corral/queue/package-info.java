/**
 * JCTools queues with a protocol by which their consumer parks while they are empty. The master's control loop, the carriers, the acceptor,
 * the mailboxes and the log take their work from such queues.
 *
 * <p>Threads: any thread may put an element into a queue. One thread at a time takes elements out, and only that thread parks.
 */
@NullMarked
package dev.corral.queue;

import org.jspecify.annotations.NullMarked;
