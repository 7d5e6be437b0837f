/**
 * The threads of Corral itself, what they do when they fail, and the log. All packages that start a thread or log a line use this package.
 * It knows nothing of workers.
 *
 * <p>The log is in the same package as the threads because each needs the other: a {@link dev.corral.thread.ServiceThread} logs its
 * failures, and a service thread writes the log.
 *
 * <h2>Threads</h2>
 * <p>A {@link dev.corral.thread.ServiceThread} runs one loop and is started again when it ends. {@link dev.corral.thread.ServiceThreads}
 * has pools for short tasks. Service threads look after each other, so no further thread has to watch them.
 *
 * <h2>Logging</h2>
 * <p>All code of Corral logs through {@link dev.corral.thread.Log}, and no other class uses a {@link System.Logger}. A call puts the line into
 * a bounded queue, and the thread {@code corral-log} writes it. So no other thread of Corral waits for a logger or for the reader
 * of a stream, and none ends with what a logger throws. Lines that find the queue full are dropped and counted. Lines that are alike are
 * written at a falling rate, with a count. When a cluster is closed, and when the JVM shuts down, the lines that wait are written if that
 * takes at most a second.
 */
@NullMarked
package dev.corral.thread;

import org.jspecify.annotations.NullMarked;
