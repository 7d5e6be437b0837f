/**
 * What a worker runs in: a class loader that weaves what it loads, a thread group, and the way to tell whose a thread is.
 *
 * <p>{@link dev.corral.isolate.ProgramCode} is the program's code, read and woven once; {@link dev.corral.isolate.Isolate} is
 * one worker's own copy of it. {@link dev.corral.isolate.Owner} answers for every thread which isolate it belongs to;
 * {@link dev.corral.isolate.Reaper} ends all threads of one. Knows nothing of ports, carriers, or the master.
 */
@NullMarked
package dev.corral.isolate;

import org.jspecify.annotations.NullMarked;
