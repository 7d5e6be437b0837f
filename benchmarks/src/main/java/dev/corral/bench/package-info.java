/** Measures single properties of Corral: the costs of forks, restarts, kills, messages and woven code. */
@NullMarked
package dev.corral.bench;

import org.jspecify.annotations.NullMarked;
