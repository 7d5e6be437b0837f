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
 *
 * <h2>Log</h2>
 * <p>Corral logs to the {@link System.Logger} {@code dev.corral}, and only its thread {@code corral-log} calls that logger. A logger that
 * blocks, for example because nobody reads the standard error, therefore delays no other thread of Corral, and what a logger throws ends
 * none. At most 1,024 lines wait; further ones are dropped, and a warning reports their number as soon as lines can be written again. Of
 * lines with the same message (before its arguments are filled in) and the same class of Throwable, the first three are written in
 * full, and after them at most one per interval, with the number of those left out; the interval grows from one second to a minute. A line
 * that is written more than a second late has the time at which it was logged in its text. {@link Cluster#close} and the
 * JVM's shutdown wait for at most one second until the waiting lines are written.
 */
@NullMarked
package dev.corral;

import org.jspecify.annotations.NullMarked;
