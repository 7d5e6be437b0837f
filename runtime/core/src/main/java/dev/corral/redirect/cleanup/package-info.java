/**
 * Redirects of what the JDK keeps until the JVM ends: cleaning actions, values of classes, open file systems, files to
 * delete. Here it is kept until the worker ends, so that nothing in the JDK holds the worker's class loader.
 */
@NullMarked
package dev.corral.redirect.cleanup;

import org.jspecify.annotations.NullMarked;
