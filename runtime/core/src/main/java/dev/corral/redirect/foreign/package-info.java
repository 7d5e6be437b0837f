/**
 * Redirects of native code: each worker loads its own copy of a library, and no exception leaves an upcall. An
 * exception that left one would end the JVM.
 */
@NullMarked
package dev.corral.redirect.foreign;

import org.jspecify.annotations.NullMarked;
