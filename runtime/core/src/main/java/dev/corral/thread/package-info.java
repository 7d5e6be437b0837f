/**
 * The threads of Corral itself, their behaviour after a failure, and the log. All packages that start a thread or log a
 * line use this package. It does not depend on workers.
 *
 * <p>The log is in the same package as the threads because each needs the other: a
 * {@link dev.corral.thread.ServiceThread} logs its failures, and a service thread writes the log.
 *
 * <h2>Threads</h2>
 * <p>A {@link dev.corral.thread.ServiceThread} runs one loop and is started again when it ends.
 * {@link dev.corral.thread.ServiceThreads} has pools for short tasks. Service threads check each other, so no further
 * thread has to watch them.
 *
 * <h2>Logging</h2>
 * <p>All code of Corral logs through {@link dev.corral.thread.Log}, and no other class uses a {@link System.Logger}. A
 * call puts the line into a bounded queue, and the thread {@code corral-log} writes it. So no other thread of Corral
 * waits for a logger or for the reader of a stream, and no exception of a logger ends such a thread. Lines that find
 * the queue full are dropped and counted. Lines that are alike are written at a falling rate, with a count. When a
 * cluster is closed, and when the JVM shuts down, waiting lines are written if that takes at most one second.
 */
@NullMarked
package dev.corral.thread;

import org.jspecify.annotations.NullMarked;
