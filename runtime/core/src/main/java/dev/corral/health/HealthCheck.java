package dev.corral.health;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import dev.corral.Worker;
import dev.corral.carrier.Carrier;
import dev.corral.carrier.Scheduler;
import dev.corral.hotspot.AsyncStop;
import dev.corral.isolate.Isolate;
import dev.corral.port.WorkerPorts;
import dev.corral.reap.LiveThreads;
import dev.corral.report.Accounts;
import dev.corral.report.Reports;
import dev.corral.text.Quantities;
import dev.corral.thread.Log;
import dev.corral.watchdog.CarrierMonitor;
import dev.corral.watchdog.PortMonitor;
import dev.corral.watchdog.Round;
import dev.corral.watchdog.Silence;
import dev.corral.watchdog.ThreadMonitor;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks one worker once in each interval, and reports what it finds. Used by the watchdog's thread only, except for
 * {@link #missed}.
 */
public final class HealthCheck {
    private static final Log LOG = Log.get();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** The time between two searches for deadlocked threads; a search stops the JVM for a moment. */
    private static final long SEARCH_NANOS = Duration.ofSeconds(10).toNanos();

    private final Parts parts;
    private final HeartbeatPolicy policy;
    private final long startNanos = System.nanoTime();
    private final IdentityHashMap<Carrier, CarrierMonitor> carriers = new IdentityHashMap<>();
    private final IdentityHashMap<Thread, Platform> platform = new IdentityHashMap<>();
    /** The monitors of ports, by the key of their queues. */
    private final IdentityHashMap<Object, PortMonitor> ports = new IdentityHashMap<>();
    private final Starvation starvation = new Starvation();
    private final boolean overdue;
    /** The threads that have loaded classes since the previous check. Set again by each check. */
    private Set<Thread> loading = Set.of();
    private @Nullable Silence worst;
    private @Nullable Thread silent;
    /** The server that has left connections waiting longest; null if none does. Set again by each check. */
    private @Nullable Stalled stalled;
    /** The checks that its carriers and threads have missed in a row, and those that its servers have missed. */
    private int threadsMissed;
    private int portsMissed;
    /** When deadlocked threads were last searched for. */
    private OptionalLong searchedNanos = OptionalLong.empty();
    /** The larger of the two numbers. Written by the watchdog's thread, read by any thread. */
    private volatile int missed;

    /** The parts of a worker that are checked, and the receiver of the reports. */
    public record Parts(Worker worker, Isolate isolate, Scheduler scheduler, WorkerPorts ports, LatencyProbe probe,
            Pauses pauses,
            Accounts accounts, boolean asyncStop, Reports reports) {}

    /** A server that does not take connections. */
    private record Stalled(WorkerPorts.Queue queue, Silence silence) {}

    private record Platform(PlatformThreadReadings readings, ThreadMonitor monitor) {}

    /**
     * Creates the check of a worker.
     *
     * @param overdue whether the worker had to report that it is ready and has not done so by the start deadline
     */
    public HealthCheck(Parts parts, HeartbeatPolicy policy, boolean overdue) {
        this.parts = parts;
        this.policy = policy;
        this.overdue = overdue;
    }

    Isolate isolate() {
        return parts.isolate;
    }

    /** Returns the checks missed in a row. Any thread may call it. */
    public int missed() {
        return missed;
    }

    /**
     * Checks the worker.
     *
     * @param threads the platform threads of its program
     * @return false if the worker is a zombie and must not be checked any more
     */
    boolean check(Round round, List<Thread> threads) {
        worst = null;
        silent = null;
        stalled = null;
        parts.accounts.check(threads);
        loading = parts.isolate.takeClassLoaders();
        Round fair = parts.pauses.isPaused() ? round.discounted() : round;
        long positions = checkCarriers(fair);
        checkPlatformThreads(fair, threads);
        checkPorts(fair, threads);
        if (overdue) {
            note(notReady(round), null);
        }
        parts.probe.check(positions);
        return report(threads);
    }

    /** Checks the carriers. Returns the sum of their positions. */
    private long checkCarriers(Round round) {
        long positions = 0;
        IdentityHashMap<Carrier, CarrierMonitor> seen = new IdentityHashMap<>();
        for (Carrier carrier : parts.scheduler.carrying()) {
            positions += carrier.position();
            Thread thread = carrier.thread();
            if (thread != null) { // otherwise the carrier has not started
                CarrierMonitor monitor = carriers.computeIfAbsent(carrier, _ -> new CarrierMonitor(policy));
                seen.put(carrier, monitor);
                note(monitor.check(round, new Readings(carrier, thread)), thread);
            }
        }
        carriers.keySet().retainAll(seen.keySet());
        return positions;
    }

    /** The readings of a carrier. */
    private final class Readings implements CarrierMonitor.Readings {
        private final Carrier carrier;
        private final Thread thread;

        Readings(Carrier carrier, Thread thread) {
            this.carrier = carrier;
            this.thread = thread;
        }

        @Override
        public long position() {
            return carrier.position();
        }

        @Override
        public long cpuNanos() {
            return THREADS.getThreadCpuTime(thread.threadId());
        }

        @Override
        public boolean isRunnable() {
            return thread.getState() == Thread.State.RUNNABLE;
        }

        @Override
        public boolean loadsClasses() {
            return loading.stream().anyMatch(each -> each.isVirtual() && LiveThreads.isMountedOn(each, thread));
        }

        @Override
        public boolean relieve() {
            return parts.scheduler.relieve(carrier);
        }
    }

    private void checkPlatformThreads(Round round, List<Thread> threads) {
        IdentityHashMap<Thread, Platform> seen = new IdentityHashMap<>();
        for (Thread thread : threads) {
            Platform each = platform.computeIfAbsent(thread,
                    _ -> new Platform(new PlatformThreadReadings(thread, any -> loading.contains(any)),
                            new ThreadMonitor(policy)));
            seen.put(thread, each);
            note(each.monitor.check(round, each.readings), thread);
        }
        platform.keySet().retainAll(seen.keySet());
    }

    private void checkPorts(Round round, List<Thread> threads) {
        IdentityHashMap<Object, PortMonitor> seen = new IdentityHashMap<>();
        var starved = new Once(() -> isStarved(round, threads));
        for (WorkerPorts.Queue queue : parts.ports.queues()) {
            PortMonitor monitor = ports.computeIfAbsent(queue.key(), _ -> new PortMonitor(policy));
            seen.put(queue.key(), monitor);
            Silence silence = monitor.check(round, queue.oldestNanos(), starved);
            if (silence == null) {
                continue;
            }
            parts.ports.stall(queue);
            if (silence.verdict().isPresent()) {
                note(silence, null);
            } else if (isHopeless(round, silence, threads)) {
                note(silence.condemned(Verdict.NOT_SERVING), null);
            } else if (stalled == null || silence.isWorseThan(stalled.silence)) {
                stalled = new Stalled(queue, silence);
            }
        }
        ports.keySet().retainAll(seen.keySet());
    }

    /** Calls a question at most once in each check, because its answer is about the time since the previous call. */
    private static final class Once implements BooleanSupplier {
        private final BooleanSupplier question;
        private @Nullable Boolean answer;

        Once(BooleanSupplier question) {
            this.question = question;
        }

        @Override
        public boolean getAsBoolean() {
            if (answer == null) {
                answer = question.getAsBoolean();
            }
            return answer;
        }
    }

    /**
     * Returns whether a server that takes no connections will never take one, because threads of its program are
     * deadlocked.
     */
    private boolean isHopeless(Round round, Silence silence, List<Thread> threads) {
        boolean isDue = searchedNanos.isEmpty() || round.nowNanos() - searchedNanos.getAsLong() >= SEARCH_NANOS;
        if (silence.missed() < policy.missed() || !isDue) {
            return false;
        }
        searchedNanos = OptionalLong.of(round.nowNanos());
        long[] deadlocked = THREADS.findDeadlockedThreads();
        return deadlocked != null && threads.stream()
                .anyMatch(thread -> Arrays.stream(deadlocked).anyMatch(id -> id == thread.threadId()));
    }

    /**
     * Returns whether the server could not take a connection because the machine gave the worker no processor, or
     * because its virtual threads wait for a carrier.
     */
    private boolean isStarved(Round round, List<Thread> threads) {
        List<Thread> all = new ArrayList<>(threads);
        parts.scheduler.carrying().forEach(carrier -> {
            Thread thread = carrier.thread();
            if (thread != null) {
                all.add(thread);
            }
        });
        return parts.scheduler.waiting() > 0 || starvation.isAny(all, round.elapsedNanos());
    }

    private Silence notReady(Round round) {
        Duration since = Duration.ofNanos(round.nowNanos() - startNanos).plus(policy.startDeadline());
        return new Silence(policy.missed(), since, Duration.ZERO, Optional.of(Verdict.NOT_READY));
    }

    private void note(@Nullable Silence silence, @Nullable Thread thread) {
        if (silence != null && (worst == null || silence.isWorseThan(worst))) {
            worst = silence;
            silent = thread;
        }
    }

    /** Reports the results. Returns false if the worker is a zombie. */
    private boolean report(List<Thread> threads) {
        Silence now = worst;
        Stalled port = stalled;
        int before = threadsMissed;
        threadsMissed = now == null ? 0 : now.missed();
        missed = Math.max(threadsMissed, port == null ? 0 : port.silence.missed());
        if (now != null && now.verdict().isPresent()) {
            parts.accounts.hurry();
            parts.reports.silent(Autopsies.of(parts, now, now.verdict().get(), silent, threads));
            return false;
        }
        if (now == null && before > 0) {
            parts.reports.moving();
        } else if (now != null && threadsMissed > before) {
            if (parts.asyncStop) {
                AsyncStop.prepare(); // it may be needed soon
            }
            parts.reports.missed(threadsMissed, now.length());
        }
        reportPort(port);
        return true;
    }

    /**
     * Reports a stalled server. Logs it once, when it has stalled for as long as makes a zombie of a thread, and again
     * only after it has taken a connection.
     */
    private void reportPort(@Nullable Stalled port) {
        int before = portsMissed;
        portsMissed = port == null ? 0 : port.silence.missed();
        if (port == null || portsMissed <= before) {
            return;
        }
        parts.reports.stalled(portsMissed, port.silence.length());
        if (portsMissed == policy.missed()) {
            LOG.log(Level.WARNING,
                    "{0} has accepted no connection to {1} for {2} although one waits; it receives no more connections to "
                            + "that address until it accepts one, and other workers receive those that wait",
                    parts.isolate.name(), port.queue.address(),
                    Quantities.text(port.silence.length()));
        }
    }
}
