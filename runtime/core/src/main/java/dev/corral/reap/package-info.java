/**
 * Finds and ends the threads of one isolate. {@link dev.corral.reap.LiveThreads} finds them.
 * {@link dev.corral.reap.Reaper} interrupts them, and stops a thread inside the JDK if that does no harm.
 * {@link dev.corral.reap.JdkLoop} and {@link dev.corral.reap.JdkHttpServer} end loops of the JDK that serve a program,
 * and {@link dev.corral.reap.OrphanedLocks} releases locks whose owner is dead.
 *
 * <p>The package {@code worker} uses a reaper at the end of a worker. The packages {@code health} and {@code guard}
 * examine live threads.
 *
 * <p>Threads: only the thread that ends the worker uses its {@code Reaper}. The threads of {@code Reaper.threads()} run
 * calls that may block. Any thread may search for live threads.
 */
@NullMarked
package dev.corral.reap;

import org.jspecify.annotations.NullMarked;
