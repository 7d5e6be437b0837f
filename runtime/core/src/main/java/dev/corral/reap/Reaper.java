package dev.corral.reap;

import dev.corral.Capability;
import dev.corral.WorkerKilled;
import dev.corral.hotspot.AsyncStop;
import dev.corral.isolate.Isolate;
import dev.corral.jdk.JdkInternal;
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
 * Ends all threads of an isolate forcibly. It repeats until no thread is left, because pools replace threads that die.
 * Threads that wait in a loop of the JDK are ended through the owner of the loop. The others are interrupted, and die
 * at the next checkpoint. Threads that reach no checkpoint, because they run inside the JDK, are stopped there if that
 * does no harm.
 *
 * <p>Virtual threads are run until they end. A virtual thread that is dropped while it waits for a lock of the JDK
 * would later get that lock and never release it.
 */
public final class Reaper {
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-reaper-");
    private static final Log LOG = Log.get();
    /**
     * The number of sweeps in a row that must find no thread. Platform and virtual threads are found one after the
     * other, and each kind can start the other.
     */
    private static final int EMPTY_SWEEPS = 2;
    private static final long FIRST_WAIT_MILLIS = 1;
    private static final long LONGEST_WAIT_MILLIS = 32;
    /** The time within which a thread that reaches checkpoints at all reaches one, except on a busy machine. */
    private static final long CHECKPOINT_NANOS = Duration.ofMillis(20).toNanos();

    /** The end of threads may take this many times as long as on an idle machine. */
    private static final int BUSY = 5;

    private final Isolate isolate;
    private final Executor scheduler;
    private final boolean asyncStop;
    /** The owners of loops that were shut down; by identity. */
    private final Set<Object> shutDown = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The threads that were stopped inside the JDK; by identity. */
    private final Set<Thread> stopped = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The threads that were alive at an earlier sweep. */
    private final Set<Thread> interrupted = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Creates a reaper for one isolate. Only one thread, which belongs to no isolate, uses it.
     *
     * @param scheduler runs the isolate's virtual threads
     * @param asyncStop whether threads that reach no checkpoint may be stopped elsewhere
     */
    public Reaper(Isolate isolate, Executor scheduler, boolean asyncStop) {
        this.isolate = isolate;
        this.scheduler = scheduler;
        this.asyncStop = asyncStop && AsyncStop.isPossible();
    }

    /** Returns whether this JVM, with its flags, supports all ways to end threads. */
    public static boolean hasAllMeans() {
        return JdkInternal.absent(Capability.THREAD_TEARDOWN).isEmpty() && JdkLoop.canBeFound()
                && LiveThreads.canFindVirtual() && OrphanedLocks.canBeReleased();
    }

    /** Returns the JDK's HTTP servers of the isolate, each one once, even over several calls. */
    public List<JdkHttpServer> httpServers() {
        List<JdkHttpServer> servers = new ArrayList<>();
        for (Thread thread : LiveThreads.platform(isolate)) {
            JdkLoop loop = JdkLoop.of(thread);
            if (loop != null) {
                JdkHttpServer server = JdkHttpServer.of(loop);
                if (server != null && shutDown.add(loop.owner())) {
                    servers.add(server);
                }
            }
        }
        return servers;
    }

    /** Returns the threads that run calls that may block. */
    public static Executor threads() {
        return THREADS;
    }

    /**
     * Makes the thread group the handler of the threads' uncaught exceptions. Call it before the isolate is condemned:
     * afterwards a handler of the program would throw as well, and the JVM would print a line about that.
     */
    public void takeHandlers() {
        for (Thread thread : LiveThreads.platform(isolate)) {
            JdkThreads.setHandler(thread, isolate.group());
        }
    }

    /** Shuts down the loops of the isolate, which has been condemned, and interrupts its threads. Returns at once. */
    public void interruptAll() {
        shutDown.clear(); // servers that were asked to finish are now shut down
        sweep();
    }

    /**
     * Ends the threads, after {@link #interruptAll}. Blocks until they have ended or the time has passed.
     *
     * @param nanos how long to wait, in nanoseconds. On a busy machine it may take up to {@link #BUSY} times as long,
     *        because only the requested waiting time counts: if this thread gets a processor late, the threads that
     *        must end get theirs late as well
     * @return the threads that were still alive after that
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
                start += System.nanoTime() - before; // the first time it must be prepared, which takes long
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

    /**
     * Shuts down loops that were not shut down before, and interrupts all threads. Returns the threads that were alive.
     */
    private List<Thread> sweep() {
        List<Thread> alive = new ArrayList<>(LiveThreads.platform(isolate));
        for (Thread thread : alive) {
            JdkThreads.setHandler(thread, isolate.group()); // the thread may be new
            JdkLoop loop = JdkLoop.of(thread);
            if (loop != null && shutDown.add(loop.owner())) {
                var _ = end(loop);
            }
        }
        alive.addAll(LiveThreads.virtual(scheduler));
        for (Thread thread : alive) {
            JdkLoop condition = interrupted.add(thread) ? null : JdkLoop.ofCondition(thread);
            if (condition != null) {
                var _ = end(condition); // at each sweep, because a signal reaches only threads that wait at that moment
            }
            JdkThreads.interrupt(thread);
            OrphanedLocks.releaseFor(thread);
        }
        return alive;
    }

    /**
     * Stops a thread. Called again at each sweep until the thread has ended, because it may catch the exception and
     * continue.
     */
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

    /** Returns the number of threads that were stopped inside the JDK so far. */
    public int stopped() {
        return stopped.size();
    }

    /**
     * Ends a loop on another thread, because this may run the worker's code, and stopping a server waits for the
     * server's thread.
     */
    private Future<?> end(JdkLoop loop) {
        try {
            return THREADS.submit(() -> {
                try {
                    loop.end().run();
                } catch (Throwable e) { // an exception of the worker's code
                    LOG.log(Level.DEBUG, () -> "ending " + loop.owner().getClass().getName() + " of " + isolate.name(),
                            e);
                }
            });
        } catch (OutOfMemoryError e) {
            shutDown.remove(loop.owner());
            throw e;
        }
    }

    /**
     * Waits for the end of a thread. Returns the nanoseconds that it has waited, at most {@code millis} milliseconds;
     * empty if the current thread was interrupted.
     */
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
