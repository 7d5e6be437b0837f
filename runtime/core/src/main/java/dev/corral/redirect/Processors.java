package dev.corral.redirect;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How many processors there are: as many as the worker has carriers, since programs size their pools by it. */
@Documented(of = "`Runtime.availableProcessors`", becomes = "as many as it has carriers (`withCarriers`)")
public final class Processors implements Redirect {
    private final int processors;

    /** So many. */
    Processors(int processors) {
        this.processors = processors;
    }

    @Replaces(type = Runtime.class, method = "availableProcessors")
    int availableProcessors(Runtime runtime) {
        return processors;
    }

    /** Beans of the program's own tell what they will. */
    @Replaces(type = OperatingSystemMXBean.class, method = "getAvailableProcessors")
    int getAvailableProcessors(OperatingSystemMXBean bean) {
        return bean == ManagementFactory.getOperatingSystemMXBean() ? processors : bean.getAvailableProcessors();
    }
}
