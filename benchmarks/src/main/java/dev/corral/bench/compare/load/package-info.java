/**
 * Clients of the measured servers.
 */
@NullMarked
package dev.corral.bench.compare.load;

import org.jspecify.annotations.NullMarked;
