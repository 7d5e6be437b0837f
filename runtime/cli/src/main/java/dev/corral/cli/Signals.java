package dev.corral.cli;

import dev.corral.Cluster;
import dev.corral.CorralException;
import dev.corral.StopPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals that stop and reload the command. They are handled from the first moment on, and are remembered until
 * there is a cluster to reload or to stop.
 *
 * <p>The first SIGTERM or SIGINT interrupts the thread that waits for the cluster, which then closes it. The second one
 * ends the JVM. The first one also does if the cluster takes much longer than its deadlines. SIGHUP and SIGUSR2 request
 * a reload. The program is read when a reload begins, so one reload answers all requests that came before.
 *
 * <p>Each handler runs on its own thread, or on a waiting thread if none can be started: see {@link SignalDelivery}.
 * Thread-safe.
 */
final class Signals {
    /** The exit code of a forced end. */
    static final int FORCED = 143;
    /**
     * The environment variable that names the signal by which the JVM suspends threads, in place of SIGUSR2. The
     * launcher sets it.
     */
    private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";
    /** The property with the signal that the launcher makes the process ignore until it is handled here. */
    private static final String IGNORED_BY_LAUNCHER = "corral.launcher.ignores";
    /** The time for shutdown hooks, which delete temporary files, and for a last message. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    /** How long a second signal waits until earlier lines are written. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);
    /** The longest time of an orderly stop. The cluster itself adds some seconds to its deadlines. */
    private static final Duration LAST_RESORT = StopPolicy.DEFAULT.total().plusSeconds(25);

    private final LastResort lastResort = LastResort.start(FORCED);
    private final SignalDelivery delivery = SignalDelivery.start();
    /** Messages about signals that have no effect, with the reason. Written by the constructor only. */
    private final List<String> unseen = new ArrayList<>();

    // Guarded by the monitor.
    private @Nullable Reporter reporter;
    private @Nullable Streams streams;
    /** Messages that came before there was a reporter. */
    private final List<String> early = new ArrayList<>();
    /** The name of the first signal to stop; null before. */
    private @Nullable String stop;
    private boolean forced;
    /** The thread that the first signal to stop interrupts; null if there is none. */
    private @Nullable Thread waiting;
    /** The name of the first signal to reload since the last reload began; null if there was none. */
    private @Nullable String reload;
    private boolean reloading;

    /** Holds the signals of this process. */
    private static final class OfProcess {
        static final Signals INSTANCE = new Signals();
    }

    private Signals() {
        String ignored = System.getProperty(IGNORED_BY_LAUNCHER);
        if (ignored != null) {
            var _ = Dispositions.ignoreNoMore(ignored);
        }
        String hup = handle("HUP", this::reload);
        String usr2 = isUsr2Free() ? handle("USR2", this::reload) : "";
        String term = handle("TERM", this::stop);
        String interrupt = handle("INT", this::stop);
        noteUnseen("HUP", hup, usr2 == null ? "send SIGUSR2 to reload" : "no signal reloads");
        noteUnseen("TERM", term, interrupt == null ? "send SIGINT to stop" : "only SIGKILL ends the command");
        noteUnseen("INT", interrupt, term == null ? "send SIGTERM to stop" : "only SIGKILL ends the command");
    }

    /** Returns the signals of this process. They are handled from the first call on. */
    static Signals ofProcess() {
        return OfProcess.INSTANCE;
    }

    private interface Action {
        void on(String name);
    }

    /** Handles the signal. Returns null if it is handled, otherwise the reason why it is not. */
    private @Nullable String handle(String name, Action action) {
        try {
            SignalHandler before = Signal.handle(new Signal(name), _ -> action.on(name));
            if (SignalHandler.SIG_IGN.equals(before) && !name.equals("USR2")) { // the JVM handles SIGUSR2 even if it was ignored
                return "it was ignored when the command was started, as nohup does, and a shell for jobs in the background";
            }
            boolean _ = delivery.take(name, () -> action.on(name)); // if false, the JDK delivers the signal
            return null;
        } catch (IllegalArgumentException e) {
            return "an option of the JVM leaves it to the operating system";
        }
    }

    private void noteUnseen(String name, @Nullable String why, String instead) {
        if (why != null) {
            unseen.add("SIG" + name + " has no effect, because " + why + "; " + instead);
        }
    }

    /**
     * Whether SIGUSR2 is free, because the JVM suspends threads by another signal. The JVM ignores the variable for low
     * numbers, which are signals that it needs itself.
     */
    private static boolean isUsr2Free() {
        String other = System.getenv(SUSPEND_SIGNAL);
        return other != null && other.matches("[0-9]{2}") && Integer.parseInt(other) > 12;
    }

    /** Sets the reporter. It receives all earlier messages, and messages about signals that have no effect. */
    void reportTo(Reporter to, Streams on) {
        List<String> messages = new ArrayList<>(unseen);
        synchronized (this) {
            reporter = to;
            streams = on;
            if (stop != null) {
                on.stopping();
            }
            messages.addAll(early);
            early.clear();
        }
        messages.forEach(to::message);
    }

    private void message(String text) {
        Reporter to;
        synchronized (this) {
            to = reporter;
            if (to == null) {
                early.add(text);
                return;
            }
        }
        to.message(text);
    }

    // ---- The end ----

    /** Whether a signal to stop has come. */
    synchronized boolean isStopped() {
        return stop != null;
    }

    /** Whether a second signal to stop has come. */
    synchronized boolean isForced() {
        return forced;
    }

    /** Makes a signal to stop interrupt the current thread. If the signal has come already, interrupts it at once. */
    synchronized void interruptCurrentThread() {
        waiting = Thread.currentThread();
        if (stop != null) {
            waiting.interrupt();
        }
    }

    /** Undoes {@link #interruptCurrentThread}, and clears the interrupt status if a signal has set it. */
    synchronized void leaveCurrentThread() {
        waiting = null;
        if (stop != null) {
            Thread.interrupted();
        }
    }

    private void stop(String name) {
        if (isFirst(name)) {
            lastResort.haltAfter(LAST_RESORT);
            message("SIG" + name + ": draining; send it again to end at once");
        } else {
            endNow(name);
        }
    }

    /**
     * Records a signal to stop; true for the first one. Interrupts the waiting thread before the signal is reported,
     * because the report may fail without memory.
     */
    private synchronized boolean isFirst(String name) {
        if (stop != null) {
            forced = true;
            return false;
        }
        stop = name;
        if (streams != null) {
            streams.stopping();
        }
        if (waiting != null) {
            waiting.interrupt();
        }
        return true;
    }

    private void endNow(String name) {
        lastResort.haltAfter(AT_ONCE);
        try {
            message("SIG" + name + " again: ending at once");
            Streams on = streams();
            if (on != null) {
                on.flush(LAST_LINES);
            }
        } catch (OutOfMemoryError e) {
            // ending the JVM matters more than the message
        }
        Runtime.getRuntime().exit(FORCED);
    }

    private synchronized @Nullable Streams streams() {
        return streams;
    }

    // ---- Reloads ----

    private void reload(String name) {
        boolean again;
        synchronized (this) {
            if (reload != null) {
                return;
            }
            reload = name;
            again = reloading;
            notifyAll();
        }
        message("SIG" + name + (again ? ": will reload again after this reload" : ": reloading"));
    }

    /** Reloads this cluster at each signal, and at once if one has come already. Starts a thread for it. */
    void reload(Cluster cluster) {
        Thread.ofPlatform().daemon().name("corral-reload").start(() -> {
            while (true) {
                reloadNext(cluster);
            }
        });
    }

    private void reloadNext(Cluster cluster) {
        String name = "HUP";
        try {
            name = awaitRequest();
            var _ = cluster.reload().get(); // an event reports the result
        } catch (CorralException | ExecutionException e) {
            message("SIG" + name + ": not reloaded, " + e.getMessage());
        } catch (InterruptedException e) {
            // nobody interrupts this thread; otherwise it waits for the next signal
        } catch (RuntimeException | Error e) { // no memory, for example; the next signal reloads again
            report(name, e);
        }
    }

    private void report(String name, Throwable failure) {
        try {
            message("SIG" + name + ": not reloaded, " + failure);
        } catch (OutOfMemoryError e) {
            // no memory for the message; the next signal reloads again
        }
    }

    private synchronized String awaitRequest() throws InterruptedException {
        reloading = false;
        while (reload == null) {
            wait();
        }
        String name = reload;
        reload = null;
        reloading = true;
        return name;
    }
}
