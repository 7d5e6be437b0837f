/**
 * Access to what the JDK keeps to itself: private state of threads, private fields, and caches that hold classes. Where a package of the
 * JDK is not opened, the answers are those of public methods, or there are none.
 *
 * <p>The packages that run, end and examine workers use this package. It knows nothing of isolates.
 *
 * <p>Threads: any thread may call any method.
 */
@NullMarked
package dev.corral.jdk;

import org.jspecify.annotations.NullMarked;
