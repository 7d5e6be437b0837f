package dev.corral.it;

import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this JVM holds when nobody asks anything of its workers and the ended ones are collected.
 *
 * @param loaders class loaders of workers
 * @param metaspaceKib used
 * @param threads platform threads
 * @param descriptors open files and sockets
 */
record Footprint(long loaders, long metaspaceKib, int threads, long descriptors) {
    /** Waits until no worker has a connection, and until there is no class loader but those of so many workers. */
    static Footprint of(Harness it, int workers) throws Exception {
        await("connections are closed").until(() -> it.cluster.stats().workers().stream()
                .allMatch(worker -> worker.connections() == 0));
        await("class loaders are collected").until(() -> {
            System.gc();
            return Programs.isolateLoaders() <= workers;
        });
        return new Footprint(Programs.isolateLoaders(), metaspaceUsedKib(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount());
    }

    private static long metaspaceUsedKib() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().equals("Metaspace"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum() / 1024;
    }
}
