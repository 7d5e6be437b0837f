/** Decides what follows the end of a worker. Plain values in and out: no threads, no clock of its own. */
@NullMarked
package dev.corral.supervision;

import org.jspecify.annotations.NullMarked;
