package dev.corral.master;

import dev.corral.ClusterConfig;
import dev.corral.worker.Incarnations;
import java.util.function.DoubleSupplier;

/**
 * The services that the classes of this package share. {@link Master} creates them, and they live as long as the
 * cluster.
 *
 * @param config the configuration of the cluster; immutable
 * @param clock the time; for any thread
 * @param loop the master's thread: any thread submits commands, and only the master's thread sets timers
 * @param events publishes events and completes futures; for any thread
 * @param promises creates the futures that the API returns; for any thread
 * @param incarnations creates the incarnations of workers; its own documentation says which threads may call it
 * @param random numbers from 0 to 1 that spread the delays of restarts; for the master's thread
 */
record MasterServices(ClusterConfig config, MasterClock clock, ControlLoop loop, EventThread events, Promises promises,
        Incarnations incarnations, DoubleSupplier random) {}
