package dev.corral.guard;

import dev.corral.ClusterConfig;
import dev.corral.carrier.Scheduler;
import dev.corral.hotspot.ThreadCapacity;
import dev.corral.isolate.Isolate;
import dev.corral.reap.LiveThreads;
import dev.corral.redirect.thread.ThreadNames;
import dev.corral.report.Reports;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the threads of all workers of this JVM, every 50 ms, on one daemon thread. The schedulers count virtual
 * threads. Platform threads are searched for every second, and at once if the JVM has so many that one worker may have
 * too many. The search also completes their {@linkplain ThreadNames names}.
 */
public final class ThreadGuard {
    private static final Log LOG = Log.get();
    private static final long PERIOD_NANOS = Duration.ofMillis(50).toNanos();
    /** The time between two searches while no worker can have too many platform threads. */
    private static final long SEARCH_NANOS = Duration.ofSeconds(1).toNanos();
    private static final Set<Counted> WATCHED = ConcurrentHashMap.newKeySet();

    private ThreadGuard() {}

    /** Creates the thread at the first use. */
    private static final class Holder {
        static final ServiceThread THREAD = new ServiceThread("", "corral-thread-watch", new Counting()::run);
    }

    /** One worker. Only the thread of the guard uses its limit. */
    public static final class Counted {
        private final Isolate isolate;
        private final Scheduler scheduler;
        private final ThreadLimit limit;
        private final Reports reports;
        private final Runnable check;

        /**
         * Creates the entry of a worker.
         *
         * @param check called by the thread of the guard in each round, every 50 ms; an exception ends the round
         */
        public Counted(Isolate isolate, Scheduler scheduler, ClusterConfig config, Reports reports, Runnable check) {
            this.isolate = isolate;
            this.scheduler = scheduler;
            this.limit = new ThreadLimit(config.maxPlatformThreads(), config.maxVirtualThreads(),
                    ThreadCapacity.allowed());
            this.reports = reports;
            this.check = check;
        }
    }

    /** Begins to count the threads of a worker. Any thread may call it. */
    public static void add(Counted worker) {
        WATCHED.add(worker);
        Holder.THREAD.startSoon();
        Holder.THREAD.wake();
    }

    /** Stops counting the threads of a worker. Any thread may call it. */
    public static void remove(Counted worker) {
        WATCHED.remove(worker);
    }

    /** The loop of the guard's thread, which owns the fields. */
    private static final class Counting {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        /** The number of threads of the JVM at the last search, and the number of the worker that had most. */
        private int atSearch;
        private int mostAtSearch;
        private long searchedNanos = System.nanoTime() - SEARCH_NANOS;

        void run() {
            while (true) {
                Holder.THREAD.busy();
                if (WATCHED.isEmpty()) {
                    Holder.THREAD.idle();
                    LockSupport.park(WATCHED);
                    continue;
                }
                try {
                    check(System.nanoTime());
                } catch (RuntimeException | Error e) { // no memory; the next count follows soon
                    LOG.failed("cannot count the threads of workers", e);
                }
                Holder.THREAD.idle();
                LockSupport.parkNanos(WATCHED, PERIOD_NANOS);
            }
        }

        private void check(long nowNanos) {
            int least = Integer.MAX_VALUE;
            for (Counted each : WATCHED) {
                each.check.run();
                least = Math.min(least, each.limit.maxPlatform());
                each.limit.virtual(each.scheduler.threads(), each.scheduler.isFull(), nowNanos)
                        .ifPresent(each.reports::overThreads);
            }
            int all = THREADS.getThreadCount();
            boolean mayBeOver = all > least && all - atSearch + mostAtSearch > least;
            if (mayBeOver || nowNanos - searchedNanos >= SEARCH_NANOS) {
                atSearch = all;
                searchedNanos = nowNanos;
                search();
            }
        }

        private void search() {
            Map<Isolate, List<Thread>> threads = LiveThreads.platform();
            mostAtSearch = 0;
            for (Counted each : WATCHED) {
                List<Thread> own = threads.getOrDefault(each.isolate, List.of());
                each.isolate.redirects().get(ThreadNames.class).complete(own);
                mostAtSearch = Math.max(mostAtSearch, own.size());
                each.limit.platform(own.size()).ifPresent(each.reports::overThreads);
            }
        }
    }
}
