package dev.corral;

import java.util.Set;

/** What depends on flags and platform. */
public enum Capability {
    /** Each worker's virtual threads run on its own carriers, so that one that spins stops nobody else. */
    OWN_SCHEDULER("--add-opens=java.base/java.lang=ALL-UNNAMED"),
    /** Servers built on NIO channels, the JDK's HttpServer among them, share their ports. */
    SHARED_NIO_PORTS(
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED, with Corral on the class path of the JVM itself, and "
                    + "no NIO channel opened before the first cluster (or -Djava.nio.channels.spi.SelectorProvider="
                    + "dev.corral.port.SharedSelectorProvider)"),
    /** Pools, timers, HTTP servers, LDAP connections and parked virtual threads that a worker leaves behind end with it. */
    THREAD_TEARDOWN("--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED "
            + "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED "
            + "--add-opens=java.base/java.util.concurrent.locks=ALL-UNNAMED "
            + "--add-opens=java.base/jdk.internal.vm=ALL-UNNAMED "
            + "--add-opens=jdk.httpserver/sun.net.httpserver=ALL-UNNAMED "
            + "--add-opens=java.naming/com.sun.jndi.ldap=ALL-UNNAMED"),
    /** A loop inside the JDK (a regular expression, {@code BigInteger}) is ended with its worker. */
    ASYNC_STOP("--enable-native-access=ALL-UNNAMED, on Linux on x86-64 with HotSpot"),
    /** What each worker keeps reachable in the one heap is estimated: {@link WorkerStats.Memory#liveBytes}. */
    LIVE_BYTES("--enable-native-access=ALL-UNNAMED, on Linux on x86-64 with HotSpot"),
    /**
     * Classes that a layer of modules, native code or the JDK itself defines in a loader of a worker are woven. For the few
     * programs that have such; so nobody is told that it is absent unless they ask.
     */
    LATE_WEAVING("-javaagent:corral-core.jar, or with the command's own corral.jar"),
    /**
     * SIGUSR2 may reload ({@link ClusterConfig#withReloadSignal}): HotSpot does not use it itself. The command's launcher sees to that, and
     * nobody else is told that it is absent unless they ask.
     */
    RELOAD_SIGNAL(
            "_JAVA_SR_SIGNUM=40 in the environment before the JVM starts, on Linux: SIGUSR2 is HotSpot's own signal for "
                    + "suspending threads, and JFR would take no samples");

    private final String remedy;

    Capability(String remedy) {
        this.remedy = remedy;
    }

    /** The command-line text that would bring it, or why nothing can. */
    public String remedy() {
        return remedy;
    }

    /** What this JVM, with its flags, can do. */
    public static Set<Capability> present() {
        return Implementation.capabilities();
    }
}
