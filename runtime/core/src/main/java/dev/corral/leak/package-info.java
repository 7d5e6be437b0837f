/**
 * Finds out whether the class loader of an ended worker has been collected, and, if it has not, what holds it.
 * {@link dev.corral.leak.LoaderWatch} answers both questions; {@link dev.corral.leak.PathToLoader} searches the heap for the path.
 * {@link dev.corral.leak.GcCounts} and {@link dev.corral.leak.Unloadings} tell whether a collection could have freed the loader since then.
 *
 * <p>Package {@code worker} begins to watch a loader when its worker has ended, and package {@code report} asks for the answers.
 *
 * <p>Threads: the master's thread asks now and then whether a loader is gone. A search takes long, so a thread of package {@code report} makes
 * it.
 */
@NullMarked
package dev.corral.leak;

import org.jspecify.annotations.NullMarked;
