/**
 * Finds out whether running workers make progress. A {@link dev.corral.health.Watchdog} looks at all workers of a cluster, once in each
 * interval. The {@link dev.corral.health.HealthCheck} of a worker hold what was seen of its carriers, its threads and its servers, and report a
 * worker that is silent, with an autopsy. Package {@code watchdog} decides what silence is; this package collects what that decision needs.
 *
 * <p>Package {@code worker} creates these objects and registers them.
 *
 * <p>Threads: the thread of the {@code Watchdog} makes all looks. Other threads may ask for the number of missed looks and for the latency.
 * Threads of the program begin and end {@link dev.corral.health.Pauses}.
 */
@NullMarked
package dev.corral.health;

import org.jspecify.annotations.NullMarked;
