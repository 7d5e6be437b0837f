package dev.corral.bench;

import java.lang.management.ManagementFactory;

/** What else the machine does, to be said beside each figure. */
final class Load {
    private Load() {}

    /** Processes that ran or wanted to, on average over the last minute, and how many processors there are for them. */
    static String now() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format("%.1f on %d processors", system.getSystemLoadAverage(), system.getAvailableProcessors());
    }
}
