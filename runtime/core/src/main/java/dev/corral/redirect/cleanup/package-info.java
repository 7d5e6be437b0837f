/**
 * Redirects of what the JDK and the operating system keep until the JVM ends: cleaning actions, values of classes, open
 * files and their locks, file systems, files to delete. Here it is kept until the worker ends, so that nothing in the
 * JDK holds the worker's class loader, and a replacement can open the same files.
 */
@NullMarked
package dev.corral.redirect.cleanup;

import org.jspecify.annotations.NullMarked;
