/** The {@code corral} command. Uses the public API only. */
@NullMarked
package dev.corral.cli;

import org.jspecify.annotations.NullMarked;
