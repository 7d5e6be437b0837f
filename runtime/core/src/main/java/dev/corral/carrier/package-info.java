/**
 * A worker's own scheduler: a queue of runnable virtual threads, and the platform threads that carry them.
 *
 * <p>Rules for all code that runs on a carrier outside of a task, or inside {@link java.util.concurrent.Executor#execute}: it
 * takes no lock that user code can hold, starts no virtual thread, and does not log. A carrier and the virtual threads that
 * it carries must not contend for a lock: the one that waits may be the one that would have to let go.
 */
@NullMarked
package dev.corral.carrier;

import org.jspecify.annotations.NullMarked;
