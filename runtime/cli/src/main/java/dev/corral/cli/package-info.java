/** The {@code corral} command. It uses the public API only. */
@NullMarked
package dev.corral.cli;

import org.jspecify.annotations.NullMarked;
