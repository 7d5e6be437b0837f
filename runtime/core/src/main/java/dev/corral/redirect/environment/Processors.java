package dev.corral.redirect.environment;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/**
 * The number of processors: the number of the worker's carriers, because programs choose the size of their pools by it.
 */
@Documented(of = "`Runtime.availableProcessors`", becomes = "the number of its carriers (`withCarriers`)")
public final class Processors implements Redirect {
    private final int processors;

    /** This number of processors. */
    public Processors(int processors) {
        this.processors = processors;
    }

    /** The number of processors that the worker's code sees. */
    @Replaces(type = Runtime.class, method = "availableProcessors")
    public int availableProcessors(Runtime runtime) {
        return processors;
    }

    /** Changes the answer of the JVM's own bean only; the program may have beans of this type itself. */
    @Replaces(type = OperatingSystemMXBean.class, method = "getAvailableProcessors")
    int getAvailableProcessors(OperatingSystemMXBean bean) {
        return bean == ManagementFactory.getOperatingSystemMXBean() ? processors : bean.getAvailableProcessors();
    }
}
