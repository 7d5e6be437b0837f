package dev.corral.master;

import dev.corral.thread.Log;
import dev.corral.queue.ParkingQueue;
import dev.corral.thread.ServiceThread;
import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The master's thread. It runs commands in the order in which they come, and timers when they are due. After each of them it runs one further
 * action, which settles what follows. If a command throws, the exception is logged, and the loop goes on.
 *
 * <p>A command that runs out of memory is run again from its start until it completes. The heap is full because of some worker, and the end of
 * that worker would be lost otherwise. So every command is idempotent: a second run skips the steps that are done, and still detects those
 * that are not.
 */
final class ControlLoop {
    /** It turns at least this often, so that a probe can tell a loop that has nothing to do from one that hangs. */
    static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private static final Log LOG = Log.get();

    private final ServiceThread thread;
    private final MasterClock clock;
    private final ParkingQueue<Runnable> commands = new ParkingQueue<>();
    /** Owned by the loop, like the rest but where it says otherwise. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Runnable afterEach;
    /** What is being run; null when it has come to its end. */
    private @Nullable Runnable current;
    /** Whether what is to be done after it still is. */
    private boolean unfinished;
    private long timersMade;
    /** Read by anybody. */
    private volatile long lastTurnNanos;
    private volatile boolean stopped;

    /**
     * With nothing to do yet.
     *
     * @param afterEach what is to be done after each command and each timer
     */
    ControlLoop(String cluster, MasterClock clock, Runnable afterEach) {
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-master", this::run).keepingTheJvm();
        this.clock = clock;
        this.afterEach = afterEach;
        this.lastTurnNanos = clock.nanos();
    }

    /** Something to be done later; may be cancelled by the loop. */
    final class Timer implements Comparable<Timer> {
        private final long dueNanos;
        private final long number;
        private final Runnable action;

        private Timer(long dueNanos, Runnable action) {
            this.dueNanos = dueNanos;
            this.number = timersMade++;
            this.action = action;
        }

        void cancel() {
            timers.remove(this);
        }

        @Override
        public int compareTo(Timer other) {
            long difference = dueNanos - other.dueNanos;
            return difference != 0 ? Long.signum(difference) : Long.compare(number, other.number);
        }
    }

    /** Queues a command; any thread. */
    void submit(Runnable command) {
        commands.offer(command);
    }

    /** Runs the action after so long; only from within the loop. Delays of more than a century are as good as for ever. */
    Timer after(Duration delay, Runnable action) {
        Duration bounded = delay.compareTo(Duration.ofDays(36_500)) > 0 ? Duration.ofDays(36_500) : delay;
        var timer = new Timer(clock.nanos() + bounded.toNanos(), action);
        timers.add(timer);
        return timer;
    }

    /** Starts the thread. */
    void start() {
        thread.start();
    }

    boolean isOver() {
        return thread.isOver();
    }

    private void run() {
        while (!stopped) {
            thread.busy();
            turn();
            thread.idle();
            if (!stopped) {
                commands.await(sleepNanos());
            }
        }
    }

    /**
     * Runs all commands that wait and all timers that are due.
     *
     * @throws OutOfMemoryError if one of them ran out of memory: the next turn goes on with it
     */
    void turn() {
        lastTurnNanos = clock.nanos();
        while (!stopped && (unfinished || takeNext())) {
            if (current != null) {
                guarded(current);
                current = null;
            }
            guarded(afterEach);
            unfinished = false;
        }
    }

    /** False if there is nothing to do. */
    private boolean takeNext() {
        Runnable next = commands.poll();
        current = next == null ? pollDue() : next;
        unfinished = current != null;
        return unfinished;
    }

    private @Nullable Runnable pollDue() {
        Timer first = timers.peek();
        if (first == null || first.dueNanos - clock.nanos() > 0) {
            return null;
        }
        timers.remove();
        return first.action;
    }

    private static void guarded(Runnable command) {
        try {
            command.run();
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.failed("the master goes on after a failure", e);
        }
    }

    private long sleepNanos() {
        Timer first = timers.peek();
        long longest = LONGEST_SLEEP.toNanos();
        return first == null ? longest : Math.clamp(first.dueNanos - clock.nanos(), 1, longest);
    }

    /** How long ago it last turned; any thread. */
    Duration sinceLastTurn() {
        return Duration.ofNanos(clock.nanos() - lastTurnNanos);
    }

    /** Ends the loop after the command of now. */
    void stop() {
        stopped = true;
    }
}
