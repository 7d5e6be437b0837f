package dev.corral.redirect.exit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The JVM's handlers of signals that workers handle. Each passes its signal on to the handler of the embedding program
 * and to all workers that handle the signal. When no such worker is left, the handler of the embedding program is
 * restored. Thread-safe.
 */
final class SharedSignals {
    /** By name of the signal. Guarded by the class's monitor. A signal has an entry while a worker handles it. */
    private static final Map<String, Listeners> ALL = new HashMap<>();

    private SharedSignals() {}

    /** The JVM's handler of one signal, and the workers that it notifies. */
    private static final class Listeners implements SignalHandler {
        /** Guarded by the class's monitor. */
        private final Set<SignalHandlers> workers = new HashSet<>();
        /**
         * The handler of the embedding program. Set once under the class's monitor; null while a signal arrives before
         * that.
         */
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
     * Adds a worker to those that handle a signal. Installs the JVM's handler for the first one.
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

    /** Removes a worker from those that handle a signal. Restores the earlier handler with the last one. */
    static synchronized void forget(String name, SignalHandlers worker) {
        Listeners listeners = ALL.get(name);
        if (listeners != null && listeners.workers.remove(worker) && listeners.workers.isEmpty()) {
            ALL.remove(name);
            SignalHandler before = listeners.before;
            SignalHandler now = Signal.handle(new Signal(name), before == null ? SignalHandler.SIG_DFL : before);
            if (now != listeners) { // the embedding program has set another one in the meantime
                var _ = Signal.handle(new Signal(name), now);
            }
        }
    }

    /** Removes a worker from those that handle any signal. */
    static synchronized void forget(SignalHandlers worker) {
        List.copyOf(ALL.keySet()).forEach(name -> forget(name, worker));
    }
}
