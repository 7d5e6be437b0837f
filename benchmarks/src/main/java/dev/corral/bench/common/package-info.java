/** What programs of the benchmarks and the JVM that measures them have in common: a package to be shared. */
@NullMarked
package dev.corral.bench.common;

import org.jspecify.annotations.NullMarked;
