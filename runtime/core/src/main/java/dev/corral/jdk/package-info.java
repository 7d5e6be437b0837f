/**
 * Access to non-public parts of the JDK: the table of their members ({@link dev.corral.jdk.JdkInternal}), private state
 * of threads, and caches that refer to classes. Where a package of the JDK is not opened, or another version of the JDK
 * lacks a member, methods use the public API instead, or return null.
 *
 * <p>All packages that need such parts use this package. It does not use isolates.
 *
 * <p>Threads: any thread may call any method.
 */
@NullMarked
package dev.corral.jdk;

import org.jspecify.annotations.NullMarked;
