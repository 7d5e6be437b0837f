/**
 * The environment in which a worker runs: a class loader that weaves classes, a thread group, and the rule by which a
 * thread belongs to a worker.
 *
 * <p>{@link dev.corral.isolate.ProgramCode} is the program's code, read and woven once;
 * {@link dev.corral.isolate.Isolate} is one worker's own copy of it. {@link dev.corral.isolate.Owner} returns the
 * isolate of each thread. {@link dev.corral.isolate.Agent} weaves classes that come from elsewhere. The package
 * {@code worker} creates isolates, {@code reap} ends their threads, and {@code leak} watches their class loaders
 * afterwards. This package does not use ports, carriers or the master.
 *
 * <p>Threads: any thread may load classes and call {@code Owner}. The master's thread creates an isolate; one thread of
 * the isolate enters its program.
 */
@NullMarked
package dev.corral.isolate;

import org.jspecify.annotations.NullMarked;
