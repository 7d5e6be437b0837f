/**
 * Checks whether running workers make progress. A {@link dev.corral.health.Watchdog} checks all workers of a cluster,
 * once in each interval. The {@link dev.corral.health.HealthCheck} of a worker stores the readings of its carriers, its
 * threads and its servers, and reports a worker that is silent, with an autopsy. The package {@code watchdog} decides
 * what silence is; this package collects the readings for that decision.
 *
 * <p>The package {@code worker} creates these objects and registers them.
 *
 * <p>Threads: the thread of the {@code Watchdog} does all checks. Any thread may read the number of missed checks and
 * the latency. Threads of the program begin and end {@link dev.corral.health.Pauses}.
 */
@NullMarked
package dev.corral.health;

import org.jspecify.annotations.NullMarked;
