/** Ways to keep objects that are no longer needed. */
@NullMarked
package dev.corral.samples.leaky;

import org.jspecify.annotations.NullMarked;
