/** Classes that the programs of the benchmarks share with the JVM that measures them. */
@NullMarked
package dev.corral.bench.common;

import org.jspecify.annotations.NullMarked;
