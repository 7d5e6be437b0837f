/**
 * Corral: a master and its workers in one JVM. {@link Cluster#open Cluster.open} starts several isolated copies of one
 * {@link Program}; they share its ports, and one that dies is replaced.
 *
 * <p>This package is the whole public API, and it is exactly what isolates share with the embedding program: a worker
 * sees the same {@code Cluster}, {@code WorkerContext} and {@code ExitReason} classes as the master, and nothing of the
 * packages below this one.
 *
 * <h2>Rules of this package</h2>
 * <ul>
 * <li>Null is refused everywhere, with {@link NullPointerException}, unless a method says otherwise.
 * <li>Commands return at once, most of them with a future. Futures complete, and listeners are called, on the cluster's
 * event thread; a call that blocks throws {@link IllegalStateException} there. The methods that block say so.
 * <li>Values are records or immutable; {@code with...} methods return changed copies. A value out of range throws
 * {@link IllegalArgumentException} with the value and the rule.
 * <li>Nothing that is reachable from here belongs to an isolate, so that keeping an {@link Exit} or a {@link Worker}
 * keeps no class of a dead worker alive.
 * </ul>
 */
@NullMarked
package dev.corral;

import org.jspecify.annotations.NullMarked;
