package dev.corral.bench;

import java.lang.management.ManagementFactory;

/** The other load of the machine, which is printed beside each figure. */
final class Load {
    private Load() {}

    /**
     * Returns the average number of processes that ran or wanted to run in the last minute, and the number of
     * processors.
     */
    static String now() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format("%.1f on %d processors", system.getSystemLoadAverage(), system.getAvailableProcessors());
    }
}
