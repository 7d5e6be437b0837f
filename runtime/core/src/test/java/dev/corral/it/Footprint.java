package dev.corral.it;

import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Predicate;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this JVM holds when nobody asks anything of its workers and the ended ones are collected.
 *
 * @param loaders class loaders of workers
 * @param metaspaceKib used
 * @param codeKib compiled code
 * @param threads platform threads
 * @param descriptors open files and sockets
 */
record Footprint(long loaders, long metaspaceKib, long codeKib, int threads, long descriptors) {
    /** Waits until no worker has a connection, and until there are no more class loaders of workers than that. */
    static Footprint of(Harness it, long loaders) throws Exception {
        await("connections are closed").until(() -> it.cluster.stats().workers().stream()
                .allMatch(worker -> worker.traffic().connections() == 0));
        await("class loaders are collected").until(() -> {
            System.gc();
            return isolateLoaders() <= loaders;
        });
        return new Footprint(isolateLoaders(), usedKib(name -> name.equals("Metaspace")),
                usedKib(name -> name.startsWith("Code")), ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class).getOpenFileDescriptorCount());
    }

    private static long usedKib(Predicate<String> pool) {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(each -> pool.test(each.getName()))
                .mapToLong(each -> each.getUsage().getUsed()).sum() / 1024;
    }

    /** Class loaders that threads hold which other tests had to abandon. */
    static long loadersOfOthers() throws JMException {
        for (int i = 0; i < 3; i++) { // what only cleaners hold is gone after the last
            System.gc();
        }
        return isolateLoaders();
    }

    /** Class loaders of workers that the JVM has. */
    static long isolateLoaders() throws JMException {
        String stats = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmClassloaderStats", new Object[0],
                new String[0]);
        return stats.lines().filter(line -> line.contains("IsolateLoader")).count();
    }
}
