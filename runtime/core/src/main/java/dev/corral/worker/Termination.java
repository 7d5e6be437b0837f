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
 * The implementation of {@code System.exit} for one worker. As in Java, the calling thread never returns: it waits for
 * its end. Unlike in Java, a shutdown hook may call it as well, which sets the code and ends the hook.
 */
final class Termination implements Exits.Ending {
    private final String worker;
    private final Reports reports;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    /**
     * Whether the threads inside {@link #exit} die. Set after every checkpoint of the worker has begun to throw, so
     * that a thread that catches what {@code exit} throws dies at its next checkpoint.
     */
    private volatile boolean condemned;
    /** Whether the program ends by itself. Written by any thread. */
    private volatile boolean own;
    /** The code of the last call; null if there was none. Written by any thread. */
    private volatile @Nullable Integer code;

    /** Creates the termination of the worker with this name. */
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
            Thread.interrupted(); // sent by the program; the interrupt of the end comes after condemned is set
        }
        throw new WorkerKilled(worker);
    }

    OptionalInt code() {
        Integer said = code;
        return said == null ? OptionalInt.empty() : OptionalInt.of(said);
    }

    /** Records that the program has crashed, or that nothing in it is left to run. */
    void endsByItself() {
        own = true;
    }

    /** Whether the program ends by itself, so that it need not be asked to stop. */
    boolean isOwn() {
        return own;
    }

    /** Whether this thread is inside {@link #exit}. */
    boolean isWaiting(Thread thread) {
        return waiting.contains(thread);
    }

    /** Ends the threads inside {@link #exit}. Called after the kill switch was flipped for every thread. */
    void condemned() {
        condemned = true;
        waiting.forEach(LockSupport::unpark);
    }
}
