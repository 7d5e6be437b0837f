package dev.corral.master;

import dev.corral.CorralException;
import dev.corral.queue.Log;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** Reloads clusters at SIGUSR2. The handler that was there before comes back after the last of them. */
final class ReloadSignal {
    private static final Log LOG = Log.get();
    private static final Signal SIGNAL = new Signal("USR2");
    /** Changed under the monitor of the class; read by the JVM's thread of signals. */
    private static final List<Master> MASTERS = new CopyOnWriteArrayList<>();

    private static SignalHandler before = SignalHandler.SIG_DFL;

    private ReloadSignal() {}

    static synchronized void listen(Master master) {
        MASTERS.add(master);
        if (MASTERS.size() == 1) {
            try {
                before = Signal.handle(SIGNAL, _ -> MASTERS.forEach(ReloadSignal::reload));
            } catch (RuntimeException | Error e) { // the JVM uses the signal itself
                MASTERS.remove(master);
                throw e;
            }
        }
    }

    /** Does nothing for one that does not listen. */
    static synchronized void forget(Master master) {
        if (MASTERS.remove(master) && MASTERS.isEmpty()) {
            Signal.handle(SIGNAL, before);
        }
    }

    private static void reload(Master master) {
        try {
            var _ = master.reload(); // the master logs how it ends
        } catch (CorralException e) {
            LOG.log(Level.WARNING, "SIGUSR2: " + master.config().name() + " is not reloaded", e);
        }
    }
}
