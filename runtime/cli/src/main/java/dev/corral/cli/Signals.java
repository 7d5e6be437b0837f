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
 * The signals that end and reload the command. They are handled from the first moment on, and remembered until there is something to
 * reload or to end.
 *
 * <p>The first SIGTERM or SIGINT interrupts the thread that waits for the cluster, which then closes it. The second one ends the JVM,
 * as does the first one if the cluster takes much longer than its deadlines. SIGHUP and SIGUSR2 request a reload. The program is read
 * when a reload begins, so one reload fulfils all requests that came before.
 *
 * <p>Each handler runs on a thread of its own, or on one that waits if none can be started: see {@link SignalDelivery}. Thread-safe.
 */
final class Signals {
    /** Exit code of an end by force. */
    static final int FORCED = 143;
    /** Variable that names another signal than SIGUSR2 by which the JVM is to suspend threads. The launcher sets it. */
    private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";
    /** Names the signal that the launcher has the process ignore until it is handled here. */
    private static final String IGNORED_BY_LAUNCHER = "corral.launcher.ignores";
    /** For shutdown hooks, which delete temporary files, and for a last message. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);
    /** How long a second signal waits for what is to be written before. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);
    /** The cluster adds some seconds to its deadlines itself. */
    private static final Duration LAST_RESORT = StopPolicy.DEFAULT.drain().plus(StopPolicy.DEFAULT.stop())
            .plus(StopPolicy.DEFAULT.kill()).plusSeconds(25);

    private final LastResort lastResort = LastResort.start(FORCED);
    private final SignalDelivery delivery = SignalDelivery.start();
    /** Signals that will not be seen, with the reason. Written by the constructor only. */
    private final List<String> unseen = new ArrayList<>();

    // All guarded by the monitor.
    private @Nullable Reporter reporter;
    private @Nullable Streams streams;
    /** Messages that came before there was a reporter. */
    private final List<String> early = new ArrayList<>();
    /** Name of the first signal to stop. */
    private @Nullable String stop;
    private boolean forced;
    /** Interrupted by the first signal to stop. */
    private @Nullable Thread waiting;
    /** Name of the first signal to reload since the last reload has begun. */
    private @Nullable String reload;
    private boolean reloading;

    /** Those of this process, handled since the first use of this class. */
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

    /** The signals of this process, which are handled from the first call on. */
    static Signals ofProcess() {
        return OfProcess.INSTANCE;
    }

    private interface Action {
        void on(String name);
    }

    /** Null if it is handled; else why it is not. */
    private @Nullable String handle(String name, Action action) {
        try {
            SignalHandler before = Signal.handle(new Signal(name), _ -> action.on(name));
            if (before == SignalHandler.SIG_IGN && !name.equals("USR2")) { // which the JVM handles all the same
                return "it was ignored when the command was started, as nohup does, and a shell for jobs in the background";
            }
            boolean _ = delivery.take(name, () -> action.on(name)); // else the JDK goes on delivering it
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

    /** Whether the JVM suspends threads by another signal, which it takes where no lower signal of its own is meant. */
    private static boolean isUsr2Free() {
        String other = System.getenv(SUSPEND_SIGNAL);
        return other != null && other.matches("[0-9]{2}") && Integer.parseInt(other) > 12;
    }

    /** Reports to it what came before, and what will not come. */
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

    /** Whether it came twice. */
    synchronized boolean isForced() {
        return forced;
    }

    /** From now on a signal to stop interrupts the current thread; at once, if it has come already. */
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
            message("SIG" + name + ": draining; once more to end at once");
        } else {
            endNow(name);
        }
    }

    /** Interrupts before the signal is reported, which may fail for want of memory. */
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
            message("SIG" + name + " again: ends at once");
            Streams on = streams();
            if (on != null) {
                on.flush(LAST_LINES);
            }
        } catch (OutOfMemoryError e) {
            // the end matters more
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
        message("SIG" + name + (again ? ": reloads again after this reload" : ": reloading"));
    }

    /** Reloads this cluster at each signal from now on, and at once if one has come already; on a thread of its own. */
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
            var _ = cluster.reload().get(); // how it ends is an event
        } catch (CorralException | ExecutionException e) {
            message("SIG" + name + ": not reloaded, " + e.getMessage());
        } catch (InterruptedException e) {
            // nobody interrupts it; if somebody does, it waits for the next signal
        } catch (RuntimeException | Error e) { // no memory; whatever it is, the next signal reloads again
            tell(name, e);
        }
    }

    private void tell(String name, Throwable failure) {
        try {
            message("SIG" + name + ": not reloaded, " + failure);
        } catch (OutOfMemoryError e) {
            // then the reload is missing in silence, and the next signal repeats it
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
