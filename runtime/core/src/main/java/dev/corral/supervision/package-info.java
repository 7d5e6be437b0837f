/** Decides what follows the end of a worker. Takes and returns plain values, and uses no threads and no clock. */
@NullMarked
package dev.corral.supervision;

import org.jspecify.annotations.NullMarked;
