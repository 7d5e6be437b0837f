package dev.corral.cli;

import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.Program;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs a cluster in the foreground until a signal stops it, or nothing in it is left to run. */
final class Foreground {
    private static final int FINE = 0;
    private static final int GAVE_UP = 1;

    private final Reporter reporter;
    private final Streams streams;
    /** The peaks of memory; null if no advice is wanted. */
    private final @Nullable Peaks peaks;
    /** Written and read by the thread that waits for the cluster; null before that. */
    private @Nullable Advisor advisor;
    private final Signals signals;
    private final AtomicBoolean forced = new AtomicBoolean();

    /**
     * Creates an object for one run.
     *
     * @param advises whether the memory is observed, and limits are advised after the last exit
     */
    Foreground(Reporter reporter, Streams streams, boolean advises, Signals signals) {
        this.reporter = reporter;
        this.streams = streams;
        this.peaks = advises ? new Peaks() : null;
        this.signals = signals;
    }

    /**
     * Runs the cluster, and returns the exit code of the command.
     *
     * @throws InterruptedException if the thread is interrupted by anything but a signal to stop
     */
    int run(Program program, UnaryOperator<ClusterConfig> configure) throws InterruptedException {
        int code = serve(program, configure);
        if (advisor != null) {
            reporter.advice(advisor.advice());
        }
        return code;
    }

    private int serve(Program program, UnaryOperator<ClusterConfig> configure) throws InterruptedException {
        signals.reportTo(reporter, streams);
        if (signals.isStopped()) {
            return FINE;
        }
        try (Cluster cluster = Cluster.open(program, config -> {
            ClusterConfig configured = configure.apply(config);
            reporter.message(firstLine(configured.workers()));
            return configured.withOutput(reporter).withListener(this::event).withShutdownHook(false);
        })) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeUnlessForced(cluster)));
            signals.reload(cluster);
            boolean closed = awaitClosed(cluster);
            if (!closed) {
                return cluster.stats().gaveUp() > 0 ? GAVE_UP : FINE;
            }
        }
        return forced.get() ? Signals.FORCED : FINE;
    }

    /** Returns what somebody who reads a log must know first: the process, and what it runs on. */
    private static String firstLine(int workers) {
        return Main.VERSION + ", Java " + Runtime.version().feature() + " (" + System.getProperty("java.vm.version")
                + "), a heap of at most " + (Runtime.getRuntime().maxMemory() >> 20) + "m, "
                + (workers == 1 ? "1 worker" : workers + " workers") + ", PID " + ProcessHandle.current().pid();
    }

    /** Closes the cluster when the JVM ends without a signal. */
    private void closeUnlessForced(Cluster cluster) {
        if (!signals.isForced()) {
            cluster.close();
        }
    }

    /**
     * Waits for the end of the cluster. Returns false if nothing in it is left to run, and true after a signal or when
     * the JVM ends.
     */
    private boolean awaitClosed(Cluster cluster) throws InterruptedException {
        if (peaks != null) {
            advisor = Advisor.start(cluster, reporter, peaks);
        }
        signals.interruptCurrentThread();
        try {
            return cluster.awaitClosed();
        } catch (InterruptedException e) {
            if (!signals.isStopped()) {
                throw e;
            }
            return true;
        } finally {
            signals.leaveCurrentThread();
            if (advisor != null) {
                advisor.stop();
            }
        }
    }

    private void event(ClusterEvent event) {
        reporter.event(event);
        if (peaks != null && event instanceof ClusterEvent.Exited e) {
            peaks.add(e.exit().last());
        }
        if (event instanceof ClusterEvent.Exited e && e.exit().code() == 137 && signals.isStopped()) {
            forced.set(true);
        }
    }
}
