/**
 * Guards the JVM against workers that take too much. {@link dev.corral.guard.MemoryGuard} checks the live bytes of all
 * workers of a cluster, and the heap; {@link dev.corral.guard.ThreadGuard} counts the threads of all workers of the
 * JVM. Each reports a worker that is over a limit; the master then replaces or kills it. The package {@code memory}
 * measures memory, and decides which worker has too much.
 *
 * <p>The package {@code worker} registers each worker with both guards.
 *
 * <p>Threads: each of the two guards has a thread of its own, which does all checks. The master's thread adds workers;
 * the master's thread or the thread that ends a worker removes it.
 */
@NullMarked
package dev.corral.guard;

import org.jspecify.annotations.NullMarked;
