/**
 * JCTools queues with a protocol by which their consumer parks while they are empty, and the threads of Corral itself that
 * such consumers are. Knows nothing of workers.
 *
 * <h2>Logging</h2>
 * <p>All code of Corral logs through {@link dev.corral.queue.Log}, and no other class uses a {@link System.Logger}. A call puts the line into
 * a bounded queue, and the thread {@code corral-log} writes it. So no other thread of Corral waits for a logger or for the reader
 * of a stream, and none ends with what a logger throws. Lines that find the queue full are dropped and counted. Lines that are alike are
 * written at a falling rate, with a count. When a cluster is closed, and when the JVM shuts down, the lines that wait are written if that
 * takes at most a second.
 */
@NullMarked
package dev.corral.queue;

import org.jspecify.annotations.NullMarked;
