package dev.corral.worker;

import dev.corral.isolate.Isolate;
import dev.corral.reap.LiveThreads;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.WorkerPorts;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Whether a program whose entry has returned goes on: it has a non-daemon thread, an open port or a handler of messages. A thread of Corral
 * waits for its end, as the JVM's own DestroyJavaVM thread does: the thread that entered the program ends when the entry returns.
 */
final class Liveness {
    private final Isolate isolate;
    /** Released at each change that may be the end. */
    private final Semaphore changed = new Semaphore(0);
    /** The thread that waits. Guarded by the monitor, like the next. */
    private @Nullable Thread waiting;
    private boolean condemned;

    Liveness(Isolate isolate) {
        this.isolate = isolate;
    }

    /** A port was given back, or a handler closed. */
    void changed() {
        changed.release();
    }

    /** The isolate has been condemned: nobody waits any longer, also not for threads that do not end. */
    synchronized void condemned() {
        condemned = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /**
     * Waits until nothing keeps the worker alive; for one thread, which belongs to no worker.
     *
     * @return false if the worker has been condemned before that
     */
    boolean awaitEnd(WorkerPorts ports, WorkerEndpoint side) {
        begin();
        try {
            while (!isCondemned()) {
                Thread nonDaemon = nonDaemon();
                if (nonDaemon != null) {
                    nonDaemon.join();
                } else if (ports.hasOpenPort() || side.isReceiving()) {
                    changed.acquire();
                    changed.drainPermits();
                } else if (nonDaemon() == null) { // none was started by whoever closed the last of them
                    return true;
                }
            }
        } catch (InterruptedException e) {
            // it has been condemned
        } finally {
            end();
        }
        return false;
    }

    private synchronized boolean isCondemned() {
        return condemned;
    }

    private synchronized void begin() {
        waiting = Thread.currentThread();
    }

    /** The thread goes on to other tasks, and is not interrupted any more. */
    private synchronized void end() {
        waiting = null;
        Thread.interrupted();
    }

    private @Nullable Thread nonDaemon() {
        for (Thread thread : LiveThreads.platform(isolate)) {
            if (!thread.isDaemon()) {
                return thread;
            }
        }
        return null;
    }
}
