/** Ways to run without end. */
@NullMarked
package dev.corral.samples.zombie;

import org.jspecify.annotations.NullMarked;
