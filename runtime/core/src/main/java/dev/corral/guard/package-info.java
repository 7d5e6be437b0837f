/**
 * Guards the JVM against workers that take too much. {@link dev.corral.guard.MemoryGuard} looks at the live bytes of all workers of a cluster
 * and at the heap; {@link dev.corral.guard.ThreadGuard} counts the threads of all workers of the JVM. Each reports a worker that is over a
 * limit; the master then replaces or kills it. Package {@code memory} measures, and decides what is too much.
 *
 * <p>Package {@code worker} registers each worker with both.
 *
 * <p>Threads: each of the two has a thread of its own, which makes all looks. Workers are added by the master's thread, and removed by the
 * master's thread or the thread that ends the worker.
 */
@NullMarked
package dev.corral.guard;

import org.jspecify.annotations.NullMarked;
