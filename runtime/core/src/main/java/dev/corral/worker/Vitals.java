package dev.corral.worker;

import dev.corral.Autopsy.Verdict;
import dev.corral.HeartbeatPolicy;
import dev.corral.Worker;
import dev.corral.carrier.Carrier;
import dev.corral.carrier.Scheduler;
import dev.corral.hotspot.AsyncStop;
import dev.corral.isolate.Isolate;
import dev.corral.isolate.LiveThreads;
import dev.corral.port.WorkerPorts;
import dev.corral.watchdog.CarrierPulse;
import dev.corral.watchdog.PortPulse;
import dev.corral.watchdog.Round;
import dev.corral.watchdog.Silence;
import dev.corral.watchdog.ThreadPulse;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is seen of one incarnation once in each interval, and what is told of it. Belongs to the watchdog's thread. */
final class Vitals {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Parts parts;
    private final HeartbeatPolicy policy;
    private final long startNanos = System.nanoTime();
    /** By identity, as what they are of. */
    private final IdentityHashMap<Carrier, CarrierPulse> carriers = new IdentityHashMap<>();
    private final IdentityHashMap<Thread, Platform> platform = new IdentityHashMap<>();
    private final PortPulse port;
    private final Starvation starvation = new Starvation();
    private final boolean overdue;
    /** Of the look under way: threads that have loaded classes since the one before. */
    private Set<Thread> loading = Set.of();
    private @Nullable Silence worst;
    private @Nullable Thread silent;
    /** Written by the watchdog's thread, read by anybody. */
    private volatile int missed;

    /** Of what. */
    record Parts(Worker worker, Isolate isolate, Scheduler scheduler, WorkerPorts ports, Pings pings, Pauses pauses,
            Accounts accounts, boolean asyncStop, Reports reports) {}

    private record Platform(PlatformThreadSigns signs, ThreadPulse pulse) {}

    Vitals(Parts parts, HeartbeatPolicy policy, boolean overdue) {
        this.parts = parts;
        this.policy = policy;
        this.overdue = overdue;
        this.port = new PortPulse(policy);
    }

    Isolate isolate() {
        return parts.isolate;
    }

    /** Looks missed in a row; any thread. */
    int missed() {
        return missed;
    }

    /**
     * One look.
     *
     * @param threads the platform threads of its program
     * @return false if it has been condemned, and is to be watched no more
     */
    boolean look(Round round, List<Thread> threads) {
        worst = null;
        silent = null;
        parts.accounts.look(threads);
        loading = parts.isolate.takeClassLoaders();
        Round fair = parts.pauses.isPaused() ? round.discounted() : round;
        long positions = lookAtCarriers(fair);
        lookAtPlatformThreads(fair, threads);
        note(port.look(fair, parts.ports.oldestUntakenNanos(), () -> isStarved(fair, threads)), null);
        if (overdue) {
            note(notReady(round), null);
        }
        parts.pings.look(positions);
        return tell(threads);
    }

    /** Returns their positions, added up. */
    private long lookAtCarriers(Round round) {
        long positions = 0;
        IdentityHashMap<Carrier, CarrierPulse> seen = new IdentityHashMap<>();
        for (Carrier carrier : parts.scheduler.carrying()) {
            positions += carrier.position();
            Thread thread = carrier.thread();
            if (thread != null) { // else it has not begun
                CarrierPulse pulse = carriers.computeIfAbsent(carrier, _ -> new CarrierPulse(policy));
                seen.put(carrier, pulse);
                note(pulse.look(round, new Signs(carrier, thread)), thread);
            }
        }
        carriers.keySet().retainAll(seen.keySet());
        return positions;
    }

    /** What can be seen of a carrier. */
    private final class Signs implements CarrierPulse.Signs {
        private final Carrier carrier;
        private final Thread thread;

        Signs(Carrier carrier, Thread thread) {
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

    private void lookAtPlatformThreads(Round round, List<Thread> threads) {
        IdentityHashMap<Thread, Platform> seen = new IdentityHashMap<>();
        for (Thread thread : threads) {
            Platform each = platform.computeIfAbsent(thread,
                    _ -> new Platform(new PlatformThreadSigns(thread, any -> loading.contains(any)),
                            new ThreadPulse(policy)));
            seen.put(thread, each);
            note(each.pulse.look(round, each.signs), thread);
        }
        platform.keySet().retainAll(seen.keySet());
    }

    /** Whether it is the machine, or a queue of its own that moves, that keeps it from taking a connection. */
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

    private boolean tell(List<Thread> threads) {
        int before = missed;
        Silence now = worst;
        missed = now == null ? 0 : now.missed();
        if (now == null) {
            if (before > 0) {
                parts.reports.moving();
            }
        } else if (now.verdict().isPresent()) {
            parts.accounts.hurry();
            parts.reports.silent(Autopsies.of(parts, now, now.verdict().get(), silent, threads));
            return false;
        } else if (missed > before) {
            if (parts.asyncStop) {
                AsyncStop.prepare(); // it may be needed soon
            }
            parts.reports.missed(missed, now.length());
        }
        return true;
    }
}
