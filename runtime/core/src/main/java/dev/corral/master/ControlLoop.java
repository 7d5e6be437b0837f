package dev.corral.master;

import dev.corral.queue.Failures;
import dev.corral.queue.ParkingQueue;
import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The master's thread: runs commands in the order in which they come, and timers when they are due. What one throws is
 * logged, and the loop goes on.
 */
final class ControlLoop implements Runnable {
    /** It turns at least this often, so that a probe can tell a loop that has nothing to do from one that hangs. */
    static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger("dev.corral");

    private final Clock clock;
    private final ParkingQueue<Runnable> commands = new ParkingQueue<>();
    /** Owned by the loop, like the rest but where it says otherwise. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private long timersMade;
    /** Read by anybody. */
    private volatile long lastTurnNanos;
    private volatile boolean stopped;

    ControlLoop(Clock clock) {
        this.clock = clock;
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

    @Override
    public void run() {
        while (!stopped) {
            try {
                turn();
                if (!stopped) {
                    commands.await(sleepNanos());
                }
            } catch (RuntimeException | Error e) { // commands are guarded: there is no memory left for what is between them
                Failures.tell(LOG, "the master goes on after a failure", e);
                Failures.pause();
            }
        }
    }

    /** Runs all commands that wait and all timers that are due. */
    void turn() {
        lastTurnNanos = clock.nanos();
        boolean more = true;
        while (more && !stopped) {
            Runnable next = commands.poll();
            if (next == null) {
                next = pollDue();
            }
            more = next != null;
            if (next != null) {
                guarded(next);
            }
        }
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
        } catch (RuntimeException | Error e) {
            Failures.tell(LOG, "the master goes on after a failure", e);
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
