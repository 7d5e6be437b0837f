package dev.corral.redirect.exit;

import static java.util.Objects.requireNonNull;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signal handlers that the program installs with {@code sun.misc.Signal}. A request to stop the worker acts like
 * SIGTERM for a process: if the worker handles SIGTERM, or otherwise SIGINT, its handler runs, and the worker lives
 * until it ends itself or the deadline passes. SIGHUP, SIGINT, SIGTERM and SIGUSR2 of the process have a meaning for
 * Corral; a worker gets them from its own {@code raise} only. Any other signal of the process is delivered to all
 * workers that handle it.
 */
@Documented(of = "`sun.misc.Signal.handle`, `raise`",
        becomes = "its own handlers. When the worker is asked to stop, its handler for SIGTERM runs, or otherwise the one for SIGINT; then "
                + "the worker ends itself, or is killed at the deadline. It gets SIGHUP and SIGUSR2 only from its own `raise`. Any other "
                + "signal of the process runs the handlers of all workers")
public final class SignalHandlers implements Redirect {
    private static final String TERM = "TERM";
    private static final String INT = "INT";
    /** Signals at which the JVM shuts down by default. */
    private static final Set<String> SHUTDOWN = Set.of("HUP", INT, TERM);
    /** Signals that have a meaning for Corral. A worker does not replace the JVM's handlers for these. */
    private static final Set<String> OF_CORRAL = Set.of("HUP", INT, TERM, "USR2");
    /** Signals for which the JVM and the operating system refuse handlers. */
    private static final Set<String> REFUSED = Set.of("SEGV", "FPE", "ILL", "QUIT", "KILL", "STOP");
    /** Signals that do not end a process by default. Those that would suspend a process have no effect on a worker. */
    private static final Set<String> HARMLESS = Set.of("CHLD", "CONT", "URG", "WINCH", "TSTP", "TTIN", "TTOU");
    /** The exit code of a process that a signal has ended is this plus the number of the signal. */
    private static final int ENDED_BY_SIGNAL = 128;

    private final ThreadGroup group;
    private final ClassLoader loader;
    private final Exits exits;
    /** The program's handlers by name of the signal. Guarded by its monitor. */
    private final Map<String, SignalHandler> handlers = new HashMap<>();

    /**
     * The redirect of a worker that has no handlers yet.
     *
     * @param group the group of the threads that run handlers
     * @param loader their context class loader
     * @param exits ends the worker at a signal that it does not handle
     */
    public SignalHandlers(ThreadGroup group, ClassLoader loader, Exits exits) {
        this.group = group;
        this.loader = loader;
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

    /** Ends the worker if the signal would end a process that does not handle it. */
    private void end(Signal signal) {
        if (SHUTDOWN.contains(signal.getName())) {
            exits.exit(ENDED_BY_SIGNAL + signal.getNumber());
        } else if (!HARMLESS.contains(signal.getName())) {
            exits.halt(Runtime.getRuntime(), ENDED_BY_SIGNAL + signal.getNumber());
        }
    }

    /** The handler that a program replaces. It may call this one from its own. */
    private SignalHandler defaultOf(String name) {
        return SHUTDOWN.contains(name) ? this::end : SignalHandler.SIG_DFL;
    }

    /**
     * Asks the program to stop, as SIGTERM asks a process.
     *
     * @return false if the program handles neither SIGTERM nor SIGINT
     */
    public boolean stop() {
        return deliver(new Signal(TERM)) || deliver(new Signal(INT));
    }

    /** Runs the program's handler of this signal. Returns false if there is none. */
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

    /** Runs a handler on a new thread, as the JVM does. */
    private void run(Signal signal, SignalHandler handler) {
        var thread = new Thread(group, () -> handler.handle(signal), signal + " handler", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
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
