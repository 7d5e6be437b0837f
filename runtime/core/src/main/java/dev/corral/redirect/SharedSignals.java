package dev.corral.redirect;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Passes signals of the process on to all workers that handle them. The handler of the embedding program runs as well, and is alone again
 * when no worker is left that handles the signal. Thread-safe.
 */
final class SharedSignals {
    /** By name of the signal. Guarded by the class's monitor. */
    private static final Map<String, Listeners> ALL = new HashMap<>();

    private SharedSignals() {}

    /** Who handles one signal. */
    private static final class Listeners implements SignalHandler {
        /** Guarded by the class's monitor. */
        private final Set<SignalHandlers> workers = new HashSet<>();
        /** Set once, by who holds the monitor; a signal may come before that. */
        private volatile @Nullable SignalHandler before;

        @Override
        public void handle(Signal signal) {
            SignalHandler ofProgram = before;
            if (ofProgram != null && ofProgram != SIG_DFL && ofProgram != SIG_IGN) {
                ofProgram.handle(signal);
            }
            for (SignalHandlers worker : workersOf(this)) {
                var _ = worker.deliver(signal);
            }
        }
    }

    private static synchronized List<SignalHandlers> workersOf(Listeners listeners) {
        return List.copyOf(listeners.workers);
    }

    /**
     * Adds a worker.
     *
     * @throws IllegalArgumentException if the JVM does not let the signal be handled
     */
    static synchronized void listen(String name, SignalHandlers worker) {
        Listeners listeners = ALL.get(name);
        if (listeners == null) {
            listeners = new Listeners();
            listeners.before = Signal.handle(new Signal(name), listeners);
            ALL.put(name, listeners);
        }
        listeners.workers.add(worker);
    }

    static synchronized void forget(String name, SignalHandlers worker) {
        Listeners listeners = ALL.get(name);
        if (listeners != null && listeners.workers.remove(worker) && listeners.workers.isEmpty()) {
            ALL.remove(name);
            SignalHandler before = listeners.before;
            SignalHandler now = Signal.handle(new Signal(name), before == null ? SignalHandler.SIG_DFL : before);
            if (now != listeners) { // of the embedding program, which has set it since
                var _ = Signal.handle(new Signal(name), now);
            }
        }
    }

    static synchronized void forget(SignalHandlers worker) {
        List.copyOf(ALL.keySet()).forEach(name -> forget(name, worker));
    }
}
