/**
 * A worker's own scheduler: a queue of runnable virtual threads, and the platform threads that carry them.
 *
 * <p>The following rules apply to all code that runs on a carrier outside of a task, or inside
 * {@link java.util.concurrent.Executor#execute}. It takes no lock that user code can hold. It starts no virtual thread.
 * It does not log. The reason: a carrier and the virtual threads that it carries must not contend for a lock, because
 * the carrier may be the thread that the holder of the lock needs in order to release it.
 */
@NullMarked
package dev.corral.carrier;

import org.jspecify.annotations.NullMarked;
