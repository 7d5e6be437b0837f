package dev.corral.testing;

import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Predicate;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The resources of this JVM while no client sends requests, after ended workers were collected.
 *
 * @param loaders the number of class loaders of workers
 * @param metaspaceKib the size of the metaspace that is in use
 * @param codeKib the size of compiled code
 * @param threads the number of platform threads
 * @param descriptors the number of open files and sockets
 */
public record Footprint(long loaders, long metaspaceKib, long codeKib, int threads, long descriptors) {
    /**
     * Waits until no worker has a connection and at most {@code loaders} class loaders of workers exist. Then returns
     * the resources.
     */
    public static Footprint of(Harness it, long loaders) throws Exception {
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

    /** Returns the number of class loaders that are held by abandoned threads of other tests. */
    public static long loadersOfOthers() throws JMException {
        for (int i = 0; i < 3; i++) { // the last collection frees what only cleaners held
            System.gc();
        }
        return isolateLoaders();
    }

    /** Returns the number of class loaders of workers in this JVM. */
    public static long isolateLoaders() throws JMException {
        String stats = (String) ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmClassloaderStats", new Object[0],
                new String[0]);
        return stats.lines().filter(line -> line.contains("IsolateLoader")).count();
    }
}
