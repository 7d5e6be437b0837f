package dev.corral.master;

import dev.corral.text.Checks;
import dev.corral.thread.Log;
import dev.corral.queue.ParkingQueue;
import dev.corral.thread.ServiceThread;
import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The master's thread. It runs commands in the order in which they arrive, and timers when they are due. After each of
 * them it runs one further action, which does what follows from it. If a command throws, the exception is logged, and
 * the loop continues.
 *
 * <h2>Commands that run again</h2>
 *
 * <p>All workers allocate in one heap. When one of them has filled it, any allocation of the master may fail, also one
 * in the command that would end that worker. So the loop runs a command that fails with an OutOfMemoryError again, from
 * its start, until it completes. Each command is idempotent for that reason: a second run skips the steps that are
 * done, and still detects those that are not. The code of this package follows four rules:
 * <ol>
 * <li>A field says whether a step is done. The step comes first, and the field is written last. If memory runs out
 * between them, the step is repeated. It is never left out.
 * <li>State that other threads see is published before the field that steers the control flow of the command is
 * advanced.
 * <li>Objects that are stored together are allocated before the first of them is stored.
 * <li>A change of a worker's state allocates nothing. What the new state requires is done afterwards, by
 * {@link WorkerLifecycle#reconcile}.</ol>
 *
 * <p>A comment of the form {@code // order: publish before advance} marks each line whose position one of these rules
 * requires. {@code OutOfMemoryTest} lets each allocation of this package fail in turn.
 */
final class ControlLoop {
    /** The longest pause between two turns, by which a probe distinguishes a loop without work from one that hangs. */
    static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private static final Log LOG = Log.get();

    private final ServiceThread thread;
    private final MasterClock clock;
    private final ParkingQueue<Runnable> commands = new ParkingQueue<>();
    // The fields from here on belong to the thread that turns, unless their comment says otherwise.

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final Runnable afterEach;
    /** The command that is being run; null when it has completed. */
    private @Nullable Runnable current;
    /** Whether the action after the command is still to be run. */
    private boolean unfinished;
    private long timersMade;
    /** When the last turn began. Written by the thread that turns, read by any thread. */
    private volatile long lastTurnNanos;
    /** Written by {@link #stop}, on any thread. */
    private volatile boolean stopped;

    /**
     * Creates a loop without commands; {@link #start} starts its thread.
     *
     * @param afterEach runs after each command and each timer
     */
    ControlLoop(String cluster, MasterClock clock, Runnable afterEach) {
        this.thread = new ServiceThread(cluster, "corral-" + cluster + "-master", this::run).keepingTheJvm();
        this.clock = clock;
        this.afterEach = afterEach;
        this.lastTurnNanos = clock.nanos();
    }

    /** An action that runs at a later time. Belongs to the thread that turns. */
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

    /** Queues a command. Any thread may call this. */
    void submit(Runnable command) {
        commands.offer(command);
    }

    /** Runs an action after a delay, or after a century if the delay is longer. Called by the thread that turns. */
    Timer after(Duration delay, Runnable action) {
        var timer = new Timer(clock.nanos() + Checks.atMostACentury(delay).toNanos(), action);
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
     * Runs all queued commands and all timers that are due.
     *
     * @throws OutOfMemoryError if one of them ran out of memory; the next turn runs that one again
     */
    void turn() {
        lastTurnNanos = clock.nanos();
        while (!stopped && (unfinished || takeNext())) {
            if (current != null) {
                guarded(current);
                current = null; // order: run before advance
            }
            guarded(afterEach);
            unfinished = false; // order: run before advance
        }
    }

    /** Takes the next command or timer. Returns false if there is none. */
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
            LOG.failed("a command of the master failed; the master continues", e);
        }
    }

    private long sleepNanos() {
        Timer first = timers.peek();
        long longest = LONGEST_SLEEP.toNanos();
        return first == null ? longest : Math.clamp(first.dueNanos - clock.nanos(), 1, longest);
    }

    /** Returns how long ago the last turn began. Any thread may call this. */
    Duration sinceLastTurn() {
        return Duration.ofNanos(clock.nanos() - lastTurnNanos);
    }

    /** Ends the loop after the current command. Any thread may call this. */
    void stop() {
        stopped = true;
    }
}
