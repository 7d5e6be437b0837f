package dev.corral;

import java.util.List;
import java.util.Set;

/** A feature that depends on flags of the JVM and on the platform. */
public enum Capability {
    /**
     * Each worker's virtual threads run on the worker's own carriers, so that a thread that spins stops no other
     * worker.
     */
    OWN_SCHEDULER("virtual threads of all workers share the JVM's carriers, and one that spins slows down all others",
            "--add-opens=java.base/java.lang=ALL-UNNAMED"),
    /** Servers that use NIO channels, such as the JDK's HttpServer, share their ports. */
    SHARED_NIO_PORTS("servers that use NIO channels bind exclusively, so the second worker gets a BindException",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED, and no NIO channel opened before the first cluster (or "
                    + "-Djava.nio.channels.spi.SelectorProvider=dev.corral.port.SharedSelectorProvider)"),
    /**
     * Pools, timers, HTTP servers, LDAP connections and parked virtual threads that a worker leaves behind end with it.
     */
    THREAD_TEARDOWN("threads of a worker that ignore interrupts are abandoned at its end",
            "--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED "
                    + "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED "
                    + "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED "
                    + "--add-opens=java.base/jdk.internal.vm=ALL-UNNAMED "
                    + "--add-opens=jdk.httpserver/sun.net.httpserver=ALL-UNNAMED "
                    + "--add-opens=java.naming/com.sun.jndi.ldap=ALL-UNNAMED"),
    /** A loop inside the JDK, as in a regular expression or in {@code BigInteger}, is ended with its worker. */
    ASYNC_STOP("a loop inside the JDK is abandoned, and uses a core at the lowest priority",
            "--enable-native-access=ALL-UNNAMED, on Linux on x86-64 with HotSpot"),
    /**
     * The memory that each worker keeps reachable in the common heap is estimated:
     * {@link WorkerStats.Memory#liveBytes}.
     */
    LIVE_BYTES("no limit of live bytes is possible, and no worker is replaced when the heap is short",
            "--enable-native-access=ALL-UNNAMED, on Linux on x86-64 with HotSpot"),
    /**
     * Classes that a layer of modules, native code or the JDK itself defines in a class loader of a worker are woven.
     * Few programs have such classes, so Corral logs the absence of this capability only if it is
     * {@linkplain ClusterConfig#withRequired required}.
     */
    LATE_WEAVING("classes that a layer of modules, native code or the JDK defines for a worker have no checkpoints",
            "-javaagent:corral-core.jar, or with the command's own corral.jar"),
    /**
     * SIGUSR2 can reload a cluster ({@link ClusterConfig#withReloadSignal}), because HotSpot does not use the signal
     * itself. The launcher of the command provides this. Corral logs its absence only if it is required.
     */
    RELOAD_SIGNAL("SIGUSR2 cannot reload",
            "_JAVA_SR_SIGNUM=40 in the environment before the JVM starts, on Linux: SIGUSR2 is HotSpot's own signal for "
                    + "suspending threads, and JFR would take no samples");

    private final String without;
    private final String remedy;

    Capability(String without, String remedy) {
        this.without = without;
        this.remedy = remedy;
    }

    /** Returns a short text that says what happens where this capability is absent. */
    public String without() {
        return without;
    }

    /** Returns the text for the command line that would provide this capability, or why nothing can provide it. */
    public String remedy() {
        String missing = Implementation.missing(this);
        return missing.isEmpty() ? remedy : missing + ", which this JVM does not have";
    }

    /**
     * Returns a description of this JVM: its version and platform, and then one line for each part of the JDK that
     * Corral uses although it is not public. The line says whether this JVM has the part, and what is lost without it.
     * The form of the lines may change.
     */
    public static List<String> internals() {
        return Implementation.internals();
    }

    /** Returns the capabilities of this JVM. */
    public static Set<Capability> present() {
        return Implementation.capabilities();
    }
}
