package dev.corral.cli;

import dev.corral.Capability;
import dev.corral.Cluster;
import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.CorralException;
import dev.corral.Program;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Runs a cluster until it is told to stop, or nothing in it is left to run. The first SIGTERM or SIGINT interrupts the thread that
 * waits, which closes the cluster; the second one halts the JVM. SIGHUP reloads, and SIGUSR2 where the JVM leaves it to us.
 */
final class Foreground {
    private static final int FINE = 0;
    private static final int GAVE_UP = 1;
    private static final int FORCED = 143;

    /** How long a second signal waits for what is to be written before. */
    private static final Duration LAST_LINES = Duration.ofMillis(500);

    private final Reporter reporter;
    private final Streams streams;
    /** Null if no advice is wanted. */
    private final @Nullable Peaks peaks;
    /** Owned by the thread that waits. */
    private @Nullable Advisor advisor;
    private final AtomicReference<@Nullable String> signal = new AtomicReference<>();
    private final CountDownLatch signalled = new CountDownLatch(1);
    private final AtomicBoolean forced = new AtomicBoolean();

    /**
     * For one run.
     *
     * @param advises whether it is observed, and advice about limits of memory follows the last exit
     */
    Foreground(Reporter reporter, Streams streams, boolean advises) {
        this.reporter = reporter;
        this.streams = streams;
        this.peaks = advises ? new Peaks() : null;
    }

    /** The exit code. */
    int run(Program program, UnaryOperator<ClusterConfig> configure) throws InterruptedException {
        int code = serve(program, configure);
        if (advisor != null) {
            reporter.advice(advisor.advice());
        }
        return code;
    }

    private int serve(Program program, UnaryOperator<ClusterConfig> configure) throws InterruptedException {
        Thread waiting = Thread.currentThread();
        Signal.handle(new Signal("HUP"), _ -> {}); // there is nothing to be reloaded yet
        handle("TERM", waiting);
        handle("INT", waiting);
        try (Cluster cluster = Cluster.open(program,
                config -> configure.apply(config).withOutput(reporter).withListener(this::event))) {
            reloadAt("HUP", cluster);
            if (Cluster.capabilities().contains(Capability.RELOAD_SIGNAL)) {
                reloadAt("USR2", cluster);
            }
            boolean closed = awaitClosed(cluster);
            if (!closed) {
                return cluster.stats().gaveUp() > 0 ? GAVE_UP : FINE;
            }
        } catch (InterruptedException e) {
            if (signalled.getCount() > 0) {
                throw e;
            }
        }
        return forced.get() ? FORCED : FINE;
    }

    private boolean awaitClosed(Cluster cluster) throws InterruptedException {
        if (peaks == null) {
            return cluster.awaitClosed();
        }
        advisor = Advisor.start(cluster, reporter, peaks);
        try {
            return cluster.awaitClosed();
        } finally {
            advisor.stop();
        }
    }

    private void event(ClusterEvent event) {
        reporter.event(event);
        if (peaks != null && event instanceof ClusterEvent.Exited e) {
            peaks.see(e.exit().last());
        }
        if (event instanceof ClusterEvent.Exited e && e.exit().code() == 137 && signalled.getCount() == 0) {
            forced.set(true);
        }
    }

    private void reloadAt(String name, Cluster cluster) {
        Signal.handle(new Signal(name), _ -> {
            reporter.message("SIG" + name + ": reloading");
            try {
                var _ = cluster.reload(); // how it ends is an event
            } catch (CorralException e) {
                reporter.message("SIG" + name + ": not reloaded, " + e.getMessage());
            }
        });
    }

    private void handle(String name, Thread waiting) {
        Signal.handle(new Signal(name), _ -> {
            if (signal.compareAndSet(null, name)) {
                signalled.countDown();
                streams.stopping();
                waiting.interrupt(); // before it is told, which may fail for want of memory
                reporter.message("SIG" + name + ": draining; once more to end at once");
            } else {
                try {
                    reporter.message("SIG" + name + " again: ends at once");
                    streams.flush(LAST_LINES);
                } finally {
                    Runtime.getRuntime().halt(FORCED);
                }
            }
        });
    }
}
