/**
 * Decides in which order workers are replaced, added and removed on request. There is one
 * {@link dev.corral.rollout.Plan} for each cluster. The master calls it after every change with the current
 * {@link dev.corral.rollout.Facts}, and it returns the next {@link dev.corral.rollout.Step}. Therefore the plan need
 * not be notified of crashes, kills, forks and disconnects: the facts of the next call show their effects.
 *
 * <p>The classes take and return plain values, and use no threads and no clock.
 */
@NullMarked
package dev.corral.rollout;

import org.jspecify.annotations.NullMarked;
