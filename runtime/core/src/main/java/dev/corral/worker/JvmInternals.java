package dev.corral.worker;

import dev.corral.Capability;
import dev.corral.hotspot.NativeFunctions;
import dev.corral.hotspot.Platform;
import dev.corral.jdk.Hidden;
import dev.corral.jdk.JdkInternal;
import dev.corral.redirect.catalogue.Catalogue;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this JVM has of the parts that Corral uses although they are not public, and of the members that it redirects.
 * Thread-safe.
 */
final class JvmInternals {
    /** The versions of the JDK with which all tests of Corral have passed. */
    private static final Set<Integer> TESTED = Set.of(25);
    private static final Set<Capability> NATIVE = Set.of(Capability.ASYNC_STOP, Capability.LIVE_BYTES);

    private static final Log LOG = Log.get();
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-jdk-check-");
    private static final AtomicBoolean LOGGED = new AtomicBoolean();

    private JvmInternals() {}

    private static boolean isTested() {
        int version = Runtime.version().feature();
        return TESTED.contains(version) && !Hidden.contains("JDK " + version);
    }

    /** Returns what a capability needs and this JVM does not have, whatever its flags; empty if it has all. */
    static String missing(Capability capability) {
        Stream<String> functions =
                NATIVE.contains(capability) ? NativeFunctions.missing().stream() : Stream.empty();
        return Stream.concat(JdkInternal.absent(capability).stream().map(JdkInternal::toString), functions)
                .collect(Collectors.joining(", "));
    }

    /**
     * Logs what this JVM lacks although Corral uses it, once in each JVM, and one line for each thing that is lost. The
     * loss of a capability is logged elsewhere. Returns at once: another thread checks and logs.
     */
    static void logLosses() {
        if (LOGGED.compareAndSet(false, true)) {
            ServiceThreads.executeSoon(THREADS, JvmInternals::checkAndLog);
        }
    }

    /** Begins to look up native functions on another thread, because that takes long and needs nothing else. */
    static void lookUpFunctions() {
        ServiceThreads.executeSoon(THREADS, () -> {
            var _ = NativeFunctions.missing();
        });
    }

    private static void checkAndLog() {
        if (!isTested()) {
            LOG.log(Level.WARNING, "this is JDK " + Runtime.version().feature()
                    + ", with which Corral has not been tested; corral doctor --internals shows what it lacks");
        }
        JdkInternal.losses().forEach((lost, members) -> LOG.log(Level.WARNING, "this JDK lacks "
                + members.stream().map(JdkInternal::toString).collect(Collectors.joining(", ")) + "; therefore "
                + lost));
        Catalogue.interceptions().absent().keySet().forEach(member -> LOG.log(Level.WARNING,
                "this JDK lacks " + member + "; therefore no call of it is redirected"));
    }

    /** Returns the lines of {@link Capability#internals}. */
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("JDK " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ", "
                + System.getProperty("java.vm.vendor") + "), " + Platform.description()
                + (isTested() ? "" : "; Corral has not been tested with it"));
        for (JdkInternal each : JdkInternal.values()) {
            String state = each.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            lines.add(String.format("%-10s %s; without it: %s", state, each, each.lost()));
        }
        NativeFunctions.missing().forEach(name -> lines.add(String.format("%-10s %s; without it: %s", "absent", name,
                NATIVE.stream().map(Enum::name).sorted().collect(Collectors.joining(", ")))));
        Catalogue.interceptions().absent().forEach((member, reason) -> lines
                .add(String.format("%-10s %s; without it: no call of it is redirected (%s)", "absent", member,
                        reason)));
        return lines;
    }
}
