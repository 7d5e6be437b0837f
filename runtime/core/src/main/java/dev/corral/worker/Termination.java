package dev.corral.worker;

import dev.corral.ExitReason;
import dev.corral.WorkerKilled;
import dev.corral.isolate.Isolate;
import dev.corral.redirect.Exits;
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
    private final Isolate isolate;
    private final Reports reports;
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    /** What was said last. */
    private volatile @Nullable Integer code;

    Termination(Isolate isolate, Reports reports) {
        this.isolate = isolate;
        this.reports = reports;
    }

    @Override
    public void exit(int code, boolean halt) {
        this.code = code;
        Thread thread = Thread.currentThread();
        waiting.add(thread);
        reports.exiting(new ExitReason.Completed(code), halt);
        while (!isolate.isCondemned()) {
            LockSupport.park(this);
            Thread.interrupted(); // it may be the program's; the one that comes with the end finds it condemned
        }
        throw new WorkerKilled(isolate.name());
    }

    OptionalInt code() {
        Integer said = code;
        return said == null ? OptionalInt.empty() : OptionalInt.of(said);
    }

    /** Whether this thread is inside {@link #exit}. */
    boolean isWaiting(Thread thread) {
        return waiting.contains(thread);
    }

    /** Wakes the threads inside {@link #exit} after the isolate has been condemned. */
    void wake() {
        waiting.forEach(LockSupport::unpark);
    }
}
