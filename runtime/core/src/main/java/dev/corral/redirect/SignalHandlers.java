package dev.corral.redirect;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Handlers of signals, by {@code sun.misc.Signal}. A worker is asked to stop as a process is by SIGTERM: if it handles SIGTERM, or else
 * SIGINT, its handler runs, and it lives until it ends itself or the deadline comes. SIGHUP and SIGUSR2, which have a meaning for the
 * command, and SIGINT and SIGTERM themselves come to a worker by {@code raise} only. Any other signal of the process comes to all
 * workers that handle it.
 */
@Documented(of = "`sun.misc.Signal.handle`, `raise`",
        becomes = "its own handlers. That for SIGTERM, else that for SIGINT, runs when the worker is asked to stop; then the worker ends "
                + "itself, or is killed at the deadline. It gets SIGHUP and SIGUSR2 only from its own `raise`. Any other signal of the "
                + "process runs the handlers of all workers")
public final class SignalHandlers implements Redirect {
    private static final String TERM = "TERM";
    private static final String INT = "INT";
    /** By default the JVM shuts down at these. */
    private static final Set<String> SHUTDOWN = Set.of("HUP", INT, TERM);
    /** Those that mean something to Corral. Its own handlers stay. */
    private static final Set<String> OF_CORRAL = Set.of("HUP", INT, TERM, "USR2");
    /** The JVM and the operating system refuse handlers for these. */
    private static final Set<String> REFUSED = Set.of("SEGV", "FPE", "ILL", "QUIT", "KILL", "STOP");
    /** By default these do not end a process; those that would stop it have no effect on a worker. */
    private static final Set<String> HARMLESS = Set.of("CHLD", "CONT", "URG", "WINCH", "TSTP", "TTIN", "TTOU");
    /** What a shell adds to the number of a signal that ended a process. */
    private static final int ENDED_BY_SIGNAL = 128;

    private final Redirects.Place place;
    private final Exits exits;
    /** By name of the signal, without those that have their default. Guarded by its monitor. */
    private final Map<String, SignalHandler> handlers = new HashMap<>();

    /**
     * Without one yet.
     *
     * @param exits what ends the worker where no handler keeps a signal from that
     */
    SignalHandlers(Redirects.Place place, Exits exits) {
        this.place = place;
        this.exits = exits;
    }

    @Replaces(type = Signal.class, method = "handle")
    SignalHandler handle(Signal signal, SignalHandler handler) {
        requireNonNull(handler, "handler");
        String name = signal.getName();
        if (REFUSED.contains(name)) {
            throw new IllegalArgumentException("Signal already used by VM or OS: " + signal);
        }
        boolean isDefault = handler == SignalHandler.SIG_DFL;
        if (!OF_CORRAL.contains(name)) {
            if (isDefault) {
                SharedSignals.forget(name, this);
            } else {
                SharedSignals.listen(name, this);
            }
        }
        SignalHandler before;
        synchronized (handlers) {
            before = isDefault ? handlers.remove(name) : handlers.put(name, handler);
        }
        return before == null ? defaultOf(name) : before;
    }

    @Replaces(type = Signal.class, method = "raise")
    void raise(Signal signal) {
        if (REFUSED.contains(signal.getName())) {
            Signal.raise(signal); // a thread dump, or the refusal of the JDK
        } else if (!deliver(signal)) {
            run(signal, this::end);
        }
    }

    /** As the JVM's own handlers do, and as the operating system does. */
    private void end(Signal signal) {
        if (SHUTDOWN.contains(signal.getName())) {
            exits.exit(ENDED_BY_SIGNAL + signal.getNumber());
        } else if (!HARMLESS.contains(signal.getName())) {
            exits.halt(Runtime.getRuntime(), ENDED_BY_SIGNAL + signal.getNumber());
        }
    }

    /** What a program that adds to the handler that was there calls. */
    private SignalHandler defaultOf(String name) {
        return SHUTDOWN.contains(name) ? this::end : SignalHandler.SIG_DFL;
    }

    /**
     * Asks the program to stop, as SIGTERM does.
     *
     * @return false if it handles no signal to stop
     */
    public boolean stop() {
        return deliver(new Signal(TERM)) || deliver(new Signal(INT));
    }

    /** False if the program has no handler for it. */
    boolean deliver(Signal signal) {
        SignalHandler handler;
        synchronized (handlers) {
            handler = handlers.get(signal.getName());
        }
        if (handler == null) {
            return false;
        }
        if (handler != SignalHandler.SIG_IGN) {
            run(signal, handler);
        }
        return true;
    }

    /** On a thread of its own, as the JVM does. */
    private void run(Signal signal, SignalHandler handler) {
        var thread = new Thread(place.group(), () -> handler.handle(signal), signal + " handler", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(place.loader());
        thread.start();
    }

    @Override
    public void close() {
        SharedSignals.forget(this);
        synchronized (handlers) {
            handlers.clear();
        }
    }
}
