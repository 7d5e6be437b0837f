/**
 * Redirects of how threads are created: a worker's virtual threads run on its carriers, its platform threads are in its
 * thread group, and it has a common pool. What the JDK would keep alive after the worker, such as pools and timers, is
 * recorded here and ended with the worker.
 *
 * <p>Not to be confused with {@code dev.corral.thread}, which holds Corral's own threads.
 */
@NullMarked
package dev.corral.redirect.thread;

import org.jspecify.annotations.NullMarked;
