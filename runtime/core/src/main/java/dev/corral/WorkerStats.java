package dev.corral;

import java.time.Duration;

/**
 * Accounts of a worker, as estimates of one moment.
 *
 * @param uptime since the fork; of an ended worker, its whole life
 * @param platformThreads its own live platform threads, carriers included
 * @param connections handed connections that it has not closed yet
 * @param accepted connections that it was handed in all
 * @param runQueue its virtual threads that wait for a carrier
 */
public record WorkerStats(long id, int slot, WorkerState state, Duration uptime, int platformThreads, int connections,
        long accepted, int runQueue) {}
