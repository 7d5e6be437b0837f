package dev.corral.reap;

import dev.corral.WorkerKilled;
import dev.corral.hotspot.AsyncStop;
import dev.corral.isolate.Isolate;
import dev.corral.jdk.JdkPackages;
import dev.corral.jdk.JdkThreads;
import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Ends all threads of an isolate by force, again and again until none is left: pools replace threads that die. Threads that
 * wait in a loop of the JDK are ended through what owns them; the others are interrupted, and die at the next checkpoint; those that
 * come to none, because they run inside the JDK, are stopped there where that does no harm.
 *
 * <p>Virtual threads are let run to their end. One that is dropped while it waits for a lock of the JDK would be handed that
 * lock some day and never pass it on.
 */
public final class Reaper {
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-teller-");
    private static final Log LOG = Log.get();
    /** Platform and virtual threads are looked at one after the other, and either may start the other. */
    private static final int EMPTY_SWEEPS = 2;
    private static final long FIRST_WAIT_MILLIS = 1;
    private static final long LONGEST_WAIT_MILLIS = 32;
    /** What comes to a checkpoint at all does so within this time, or is late on a busy machine. */
    private static final long CHECKPOINT_NANOS = Duration.ofMillis(20).toNanos();

    /** How many times as long as on an idle machine the end of threads may take. */
    private static final int BUSY = 5;

    private final Isolate isolate;
    private final Executor scheduler;
    private final boolean asyncStop;
    /** Owners of loops that have been told to end; by identity. */
    private final Set<Object> told = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Threads that were stopped inside the JDK; by identity. */
    private final Set<Thread> stopped = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Threads that were alive at a sweep before. */
    private final Set<Thread> interrupted = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * For one isolate; used by one thread, which belongs to no isolate.
     *
     * @param scheduler that runs its virtual threads
     * @param asyncStop whether what does not come to a checkpoint may be stopped elsewhere
     */
    public Reaper(Isolate isolate, Executor scheduler, boolean asyncStop) {
        this.isolate = isolate;
        this.scheduler = scheduler;
        this.asyncStop = asyncStop && AsyncStop.isPossible();
    }

    /** Whether this JVM, with its flags, has all the means. */
    public static boolean hasAllMeans() {
        return JdkLoop.canBeFound() && LiveThreads.canFindVirtual() && OrphanedLocks.canBeReleased();
    }

    /** The JDK's HTTP servers of the isolate; each once. */
    public List<JdkHttpServer> httpServers() {
        List<JdkHttpServer> servers = new ArrayList<>();
        for (Thread thread : LiveThreads.platform(isolate)) {
            JdkLoop loop = JdkLoop.of(thread);
            if (loop != null) {
                JdkHttpServer server = JdkHttpServer.of(loop);
                if (server != null && told.add(loop.owner())) {
                    servers.add(server);
                }
            }
        }
        return servers;
    }

    /** Threads for what waits. */
    public static Executor threads() {
        return THREADS;
    }

    /**
     * Lets the group take what the threads throw, before the isolate is condemned: a handler of the program's own would throw
     * as well from then on, and of that the JVM itself prints a line.
     */
    public void takeHandlers() {
        for (Thread thread : LiveThreads.platform(isolate)) {
            JdkThreads.setHandler(thread, isolate.group());
        }
    }

    /** Tells the threads of the isolate, which has been condemned, to end. Returns at once. */
    public void tellAll() {
        told.clear(); // who was asked to finish is now told to end
        sweep();
    }

    /**
     * Ends its threads, after {@link #tellAll}.
     *
     * @param nanos how long to wait for them. On a busy machine it may take up to {@link #BUSY} times as long: only what was meant to be
     *     waited counts. If this thread gets a processor late, those that are to end get theirs late as well
     * @return those that were still alive after that
     */
    public List<Thread> endAll(long nanos) {
        long start = System.nanoTime();
        long waitedNanos = 0;
        long waitMillis = FIRST_WAIT_MILLIS;
        int emptySweeps = 0;
        List<Thread> left = List.of();
        while (emptySweeps < EMPTY_SWEEPS) {
            left = sweep();
            if (asyncStop && System.nanoTime() - start > CHECKPOINT_NANOS) {
                long before = System.nanoTime();
                left.forEach(this::stopInsideJdk);
                start += System.nanoTime() - before; // getting ready for it takes a while at the first time
            }
            if (left.isEmpty()) {
                emptySweeps++;
            } else if (waitedNanos < nanos && (System.nanoTime() - start) / BUSY < nanos) {
                OptionalLong waited = await(left.getFirst(), waitMillis);
                if (waited.isEmpty()) {
                    break;
                }
                waitedNanos += waited.getAsLong();
                emptySweeps = 0;
                waitMillis = Math.min(2 * waitMillis, LONGEST_WAIT_MILLIS);
            } else {
                break;
            }
        }
        left.stream().filter(Thread::isVirtual).forEach(LiveThreads::forget);
        return left.stream().filter(Thread::isAlive).toList();
    }

    /** Tells whoever has not been told. Returns who was alive. */
    private List<Thread> sweep() {
        List<Thread> alive = new ArrayList<>(LiveThreads.platform(isolate));
        for (Thread thread : alive) {
            JdkThreads.setHandler(thread, isolate.group()); // it may have started since
            JdkLoop loop = JdkLoop.of(thread);
            if (loop != null && told.add(loop.owner())) {
                var _ = tell(loop);
            }
        }
        alive.addAll(LiveThreads.virtual(scheduler));
        for (Thread thread : alive) {
            JdkLoop condition = interrupted.add(thread) ? null : JdkLoop.ofCondition(thread);
            if (condition != null) {
                var _ = tell(condition); // each time: a signal is for those that await it at that moment
            }
            JdkThreads.interrupt(thread);
            OrphanedLocks.releaseFor(thread);
        }
        return alive;
    }

    /** Each time anew until it has ended: it may catch what it is stopped by, and go on. */
    private void stopInsideJdk(Thread thread) {
        if (JdkThreads.stateOf(thread) == Thread.State.RUNNABLE
                && AsyncStop.stop(thread, new WorkerKilled(isolate.name()),
                        this::isOfProgram) == AsyncStop.Outcome.STOPPED) {
            stopped.add(thread);
        }
    }

    private boolean isOfProgram(String className) {
        return JdkPackages.loaderOf(className) == null
                && (!OwnCode.contains(className) || isolate.hasDefined(className));
    }

    /** How many threads were stopped inside the JDK so far. */
    public int stopped() {
        return stopped.size();
    }

    /** On a thread of its own: telling may run the worker's code, and stopping a server waits for its thread. */
    private Future<?> tell(JdkLoop loop) {
        try {
            return THREADS.submit(() -> {
                try {
                    loop.end().run();
                } catch (Throwable e) { // what the worker's code throws
                    LOG.log(Level.DEBUG, () -> "ending " + loop.owner().getClass().getName() + " of " + isolate.name(),
                            e);
                }
            });
        } catch (OutOfMemoryError e) {
            told.remove(loop.owner());
            throw e;
        }
    }

    /** How long it has waited for the thread, in nanoseconds, and no more than so many milliseconds; empty if interrupted. */
    private static OptionalLong await(Thread thread, long millis) {
        long start = System.nanoTime();
        try {
            thread.join(millis);
            return OptionalLong.of(Math.min(System.nanoTime() - start, Duration.ofMillis(millis).toNanos()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }
}
