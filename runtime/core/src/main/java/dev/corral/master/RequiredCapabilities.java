package dev.corral.master;

import dev.corral.Capability;
import dev.corral.ClusterConfig;
import dev.corral.CorralException;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The check, before a cluster opens, that this JVM has the capabilities that the configuration needs. */
final class RequiredCapabilities {
    private static final Log LOG = Log.get();
    /** Capabilities that few programs need; their absence is not logged. */
    private static final Set<Capability> SELDOM_NEEDED = EnumSet.of(Capability.LATE_WEAVING, Capability.RELOAD_SIGNAL);
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private RequiredCapabilities() {}

    /**
     * Refuses a configuration that this JVM cannot fulfil. Logs other capabilities that are absent, once in each JVM.
     *
     * @param present the capabilities of this JVM
     * @throws CorralException if a required capability is absent
     */
    static void check(ClusterConfig config, Set<Capability> present) {
        Set<Capability> absent = EnumSet.allOf(Capability.class);
        absent.removeAll(present);
        Set<Capability> required = EnumSet.noneOf(Capability.class);
        required.addAll(config.required());
        if (config.reloadSignal()) {
            required.add(Capability.RELOAD_SIGNAL);
        }
        checkLiveBytes(config, absent);
        for (Capability capability : required) {
            if (absent.contains(capability)) {
                throw new CorralException(capability + " is required, but this JVM does not have it; it needs "
                        + capability.remedy());
            }
        }
        absent.removeAll(SELDOM_NEEDED);
        if (!absent.isEmpty() && LOGGED.compareAndSet(false, true)) {
            absent.forEach(capability -> LOG.log(Level.WARNING, capability + " is absent: " + capability.without()
                    + ". It needs " + capability.remedy()));
        }
    }

    /** Refuses a limit on live bytes if they are not estimated. */
    private static void checkLiveBytes(ClusterConfig config, Set<Capability> absent) {
        if (config.memory().maxLiveBytes().isEmpty()) {
            return;
        }
        String limit =
                "at most " + config.memory().maxLiveBytes().getAsLong() + " live bytes are allowed to each worker of "
                        + config.name() + ", but ";
        if (!config.liveBytes()) {
            throw new CorralException(limit + "they are not to be estimated: that needs withLiveBytes(true)");
        }
        if (absent.contains(Capability.LIVE_BYTES)) {
            throw new CorralException(limit + "this JVM cannot estimate them: that is " + Capability.LIVE_BYTES
                    + ", and needs " + Capability.LIVE_BYTES.remedy());
        }
    }
}
