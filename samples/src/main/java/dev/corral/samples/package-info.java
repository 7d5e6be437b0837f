/** Programs to run under Corral, and one that embeds it. Each class with a {@code main} method is a program. */
@NullMarked
package dev.corral.samples;

import org.jspecify.annotations.NullMarked;
