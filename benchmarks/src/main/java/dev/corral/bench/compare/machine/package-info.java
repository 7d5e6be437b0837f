/**
 * The machine on which everything runs: paths, processes that this JVM has started, facts that influence the figures.
 */
@NullMarked
package dev.corral.bench.compare.machine;

import org.jspecify.annotations.NullMarked;
