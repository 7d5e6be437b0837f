/**
 * Decides in which order workers are replaced, added and taken away on purpose. There is one {@link dev.corral.rollout.Plan} for each cluster; it
 * is asked after every change, looks at {@link dev.corral.rollout.Facts}, and answers the next {@link dev.corral.rollout.Step}. So crashes,
 * kills, forks and disconnects need no word with it: the next question shows what they have left.
 *
 * <p>Plain values in and out: no threads, no clock of its own.
 */
@NullMarked
package dev.corral.rollout;

import org.jspecify.annotations.NullMarked;
