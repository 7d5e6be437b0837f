package dev.corral.worker;

import dev.corral.ExitReason;
import dev.corral.WorkerKilled;
import dev.corral.redirect.exit.Exits;
import dev.corral.report.Reports;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.exit} of one worker. As in Java, the calling thread never comes back: it waits for its end. Unlike Java, a
 * hook may call it as well, which sets the code and ends that hook.
 */
final class Termination implements Exits.Ending {
    private final String worker;
    private final Reports reports;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    /** Set once every checkpoint of the worker throws: a handler that catches what {@link #exit} throws comes to one. */
    private volatile boolean condemned;
    /** Whether the program ends by itself. Set by any thread. */
    private volatile boolean own;
    /** What was said last. */
    private volatile @Nullable Integer code;

    /** For the worker of that name. */
    Termination(String worker, Reports reports) {
        this.worker = worker;
        this.reports = reports;
    }

    @Override
    public void exit(int code, boolean halt) {
        this.code = code;
        own = true;
        Thread thread = Thread.currentThread();
        waiting.add(thread);
        reports.exiting(new ExitReason.Completed(code), halt);
        while (!condemned) {
            LockSupport.park(this);
            Thread.interrupted(); // it may be the program's; the one that comes with the end finds the worker condemned
        }
        throw new WorkerKilled(worker);
    }

    OptionalInt code() {
        Integer said = code;
        return said == null ? OptionalInt.empty() : OptionalInt.of(said);
    }

    /** The program has crashed, or nothing in it is left to run. */
    void endsByItself() {
        own = true;
    }

    /** Whether the program ends by itself, so that nobody need ask it to. */
    boolean isOwn() {
        return own;
    }

    /** Whether this thread is inside {@link #exit}. */
    boolean isWaiting(Thread thread) {
        return waiting.contains(thread);
    }

    /** Has the threads inside {@link #exit} die, once the kill switch has been flipped for every thread. */
    void condemned() {
        condemned = true;
        waiting.forEach(LockSupport::unpark);
    }
}
