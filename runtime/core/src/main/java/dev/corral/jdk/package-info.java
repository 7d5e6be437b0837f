/**
 * Access to non-public parts of the JDK: private state of threads, private fields, and caches that refer to classes.
 * Where a package of the JDK is not opened, methods use the public API instead, or return null.
 *
 * <p>The packages that run, end and examine workers use this package. It does not use isolates.
 *
 * <p>Threads: any thread may call any method.
 */
@NullMarked
package dev.corral.jdk;

import org.jspecify.annotations.NullMarked;
