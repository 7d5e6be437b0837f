package dev.corral.master;

import dev.corral.Cluster;
import dev.corral.CorralException;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The handler of SIGUSR2: it reloads the clusters that listen. After the last cluster has left, the earlier handler is
 * restored.
 */
final class ReloadSignal {
    private static final Log LOG = Log.get();
    private static final Signal SIGNAL = new Signal("USR2");
    /** The clusters that listen. Written under the monitor of the class; read by the JVM's signal thread. */
    private static final Map<Cluster, Requests> CLUSTERS = new ConcurrentHashMap<>();
    private static final Executor THREADS = ServiceThreads.pool("corral-reload-");

    /** The handler that was installed before the first cluster listened. Guarded by the monitor of the class. */
    private static SignalHandler before = SignalHandler.SIG_DFL;

    private ReloadSignal() {}

    static synchronized void listen(Cluster cluster) {
        CLUSTERS.put(cluster, new Requests(cluster));
        if (CLUSTERS.size() == 1) {
            try {
                before = Signal.handle(SIGNAL, _ -> CLUSTERS.values().forEach(Requests::request));
            } catch (RuntimeException | Error e) { // the JVM uses the signal itself
                CLUSTERS.remove(cluster);
                throw e;
            }
        }
    }

    /** Removes a cluster. Does nothing if it does not listen. */
    static synchronized void forget(Cluster cluster) {
        if (CLUSTERS.remove(cluster) != null && CLUSTERS.isEmpty()) {
            Signal.handle(SIGNAL, before);
        }
    }

    /**
     * The requests of one cluster. At most one reload is under way. All signals that arrive during a reload cause one
     * more.
     */
    private static final class Requests {
        private final Cluster cluster;
        // Guarded by the monitor.
        private boolean reloading;
        private boolean again;

        Requests(Cluster cluster) {
            this.cluster = cluster;
        }

        void request() {
            synchronized (this) {
                again = reloading;
                if (reloading) {
                    return;
                }
                reloading = true;
            }
            reload();
        }

        private void reload() {
            try {
                var _ = cluster.reload().whenCompleteAsync((_, _) -> ended(), THREADS); // the master logs how it ends
            } catch (CorralException e) {
                LOG.log(Level.WARNING, "SIGUSR2: " + cluster.config().name() + " is not reloaded", e);
                ended();
            } catch (RuntimeException | Error e) { // no memory, or no thread
                ended();
                throw e;
            }
        }

        private void ended() {
            synchronized (this) {
                reloading = again;
                again = false;
                if (!reloading) {
                    return;
                }
            }
            reload();
        }
    }
}
