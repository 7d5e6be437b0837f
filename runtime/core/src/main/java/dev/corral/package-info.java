/**
 * The API of Corral, a supervisor for isolated workers in one JVM. {@link Cluster#open Cluster.open} starts several
 * isolated copies of one {@link Program}. The copies share the program's ports, and a copy that dies is replaced.
 *
 * <p>This package is the whole public API. Workers share exactly this package with the embedding program: a worker sees
 * the same {@code Cluster}, {@code WorkerContext} and {@code ExitReason} classes as the master, and no class of the
 * packages below this one.
 *
 * <h2>Rules of this package</h2>
 * <ul>
 * <li>A null argument throws {@link NullPointerException}, unless the method says otherwise.
 * <li>Commands return at once, most of them with a future. Futures complete on the cluster's event thread, and
 * listeners are called on it. The comment of a method that blocks says so; such a method throws
 * {@link IllegalStateException} on the event thread.
 * <li>All values are immutable, and most of them are records. {@code with...} methods return changed copies. A value
 * out of range throws {@link IllegalArgumentException}, whose text has the value and the rule.
 * <li>No object of this API refers to an object of a worker. Therefore an {@link Exit} or a {@link Worker} that you
 * keep keeps no class of a dead worker alive.</ul>
 *
 * <h2>Log</h2>
 * <p>Corral logs to the {@link System.Logger} {@code dev.corral}, and only the thread {@code corral-log} calls that
 * logger. Therefore a logger that blocks, for example because nothing reads the standard error, delays no other thread
 * of Corral. An exception that the logger throws ends no thread.
 *
 * <ul>
 * <li>At most 1,024 lines wait. Further lines are dropped, and a warning reports their number as soon as lines can be
 * written again.
 * <li>Lines with the same message (before its arguments are filled in) and the same class of Throwable are limited: the
 * first three are written in full. After them at most one is written per interval, with the number of lines that were
 * left out. The interval grows from one second to one minute.
 * <li>A line that is written more than a second late has the time at which it was logged in its text.
 * <li>{@link Cluster#close} and the JVM's shutdown wait for at most one second until the waiting lines are written.
 * </ul>
 */
@NullMarked
package dev.corral;

import org.jspecify.annotations.NullMarked;
