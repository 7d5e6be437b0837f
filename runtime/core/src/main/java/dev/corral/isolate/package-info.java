/**
 * What a worker runs in: a class loader that weaves what it loads, a thread group, and the way to tell which worker a thread belongs to.
 *
 * <p>{@link dev.corral.isolate.ProgramCode} is the program's code, read and woven once; {@link dev.corral.isolate.Isolate} is
 * one worker's own copy of it. {@link dev.corral.isolate.Owner} answers for every thread which isolate it belongs to.
 * {@link dev.corral.isolate.Agent} weaves classes that come from elsewhere. Package {@code worker} creates isolates, {@code reap} ends their
 * threads, and {@code leak} watches their loaders afterwards. This package knows nothing of ports, carriers, or the master.
 *
 * <p>Threads: any thread may load classes and ask {@code Owner}. The master's thread creates an isolate; one thread enters its program.
 */
@NullMarked
package dev.corral.isolate;

import org.jspecify.annotations.NullMarked;
