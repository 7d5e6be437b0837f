/**
 * Finds and ends the threads of one isolate. {@link dev.corral.reap.LiveThreads} finds them. {@link dev.corral.reap.Reaper} interrupts
 * them, and stops a thread inside the JDK where that does no harm. {@link dev.corral.reap.JdkLoop} and
 * {@link dev.corral.reap.JdkHttpServer} end loops of the JDK that serve a program, and {@link dev.corral.reap.OrphanedLocks} releases locks
 * whose owner is dead.
 *
 * <p>Package {@code worker} reaps at the end of a worker. Packages {@code health} and {@code guard} look at live threads.
 *
 * <p>Threads: one thread uses a {@code Reaper}, the one that ends the worker. The threads of {@code Reaper.threads()} run what may wait. Any
 * thread may ask for live threads.
 */
@NullMarked
package dev.corral.reap;

import org.jspecify.annotations.NullMarked;
