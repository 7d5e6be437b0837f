/**
 * Determines whether the class loader of an ended worker has been collected and, if not, what keeps it reachable.
 * {@link dev.corral.leak.LoaderWatch} answers both questions; {@link dev.corral.leak.PathToLoader} searches the heap
 * for the path. {@link dev.corral.leak.GcCounts} and {@link dev.corral.leak.Unloadings} show whether a collection could
 * have freed the class loader since then.
 *
 * <p>The package {@code worker} begins to watch a class loader when its worker has ended, and the package
 * {@code report} asks for the results.
 *
 * <p>Threads: the master's thread checks from time to time whether a class loader was collected. A search takes long,
 * so it runs on a thread of the package {@code report}.
 */
@NullMarked
package dev.corral.leak;

import org.jspecify.annotations.NullMarked;
