/** What {@link dev.corral.samples.Seed} shares between its master and its workers. */
package dev.corral.samples.pulse;
