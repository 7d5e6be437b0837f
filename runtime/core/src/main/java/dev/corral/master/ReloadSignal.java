package dev.corral.master;

import dev.corral.CorralException;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Reloads clusters at SIGUSR2. The handler that was there before comes back after the last of them. */
final class ReloadSignal {
    private static final Log LOG = Log.get();
    private static final Signal SIGNAL = new Signal("USR2");
    /** Changed under the monitor of the class; read by the JVM's thread of signals. */
    private static final Map<Master, Requests> MASTERS = new ConcurrentHashMap<>();
    private static final Executor THREADS = ServiceThreads.pool("corral-reload-");

    private static SignalHandler before = SignalHandler.SIG_DFL;

    private ReloadSignal() {}

    static synchronized void listen(Master master) {
        MASTERS.put(master, new Requests(master));
        if (MASTERS.size() == 1) {
            try {
                before = Signal.handle(SIGNAL, _ -> MASTERS.values().forEach(Requests::request));
            } catch (RuntimeException | Error e) { // the JVM uses the signal itself
                MASTERS.remove(master);
                throw e;
            }
        }
    }

    /** Does nothing for one that does not listen. */
    static synchronized void forget(Master master) {
        if (MASTERS.remove(master) != null && MASTERS.isEmpty()) {
            Signal.handle(SIGNAL, before);
        }
    }

    /** The requests of one master. At most one reload is under way; all signals that come meanwhile cause one more. */
    private static final class Requests {
        private final Master master;
        /** Guarded by the monitor, like the next. */
        private boolean reloading;
        private boolean again;

        Requests(Master master) {
            this.master = master;
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
                var _ = master.reload().whenCompleteAsync((_, _) -> ended(), THREADS); // the master logs how it ends
            } catch (CorralException e) {
                LOG.log(Level.WARNING, "SIGUSR2: " + master.config().name() + " is not reloaded", e);
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
