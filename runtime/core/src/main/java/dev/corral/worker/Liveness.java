package dev.corral.worker;

import dev.corral.isolate.Isolate;
import dev.corral.reap.LiveThreads;
import dev.corral.mailbox.WorkerEndpoint;
import dev.corral.port.WorkerPorts;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a program continues after its entry has returned: it does while it has a non-daemon thread, an open
 * port or a message handler. A thread of Corral waits for its end, like the JVM's DestroyJavaVM thread, because the
 * thread that entered the program ends when the entry returns.
 */
final class Liveness {
    private final Isolate isolate;
    /** Released at each change after which the program may be at its end. */
    private final Semaphore changed = new Semaphore(0);
    /** The thread that waits; null if there is none. This field and the next are guarded by the monitor. */
    private @Nullable Thread waiting;
    private boolean condemned;

    Liveness(Isolate isolate) {
        this.isolate = isolate;
    }

    /** Records that a port or a message handler was closed. */
    void changed() {
        changed.release();
    }

    /** Ends the wait, because the isolate was condemned. The wait also ends if there are threads that do not end. */
    synchronized void condemned() {
        condemned = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    /**
     * Waits until nothing keeps the worker alive. Called by one thread, which belongs to no worker.
     *
     * @return false if the worker was condemned before that
     */
    boolean awaitEnd(WorkerPorts ports, WorkerEndpoint endpoint) {
        begin();
        try {
            while (!isCondemned()) {
                Thread nonDaemon = nonDaemon();
                if (nonDaemon != null) {
                    nonDaemon.join();
                } else if (ports.hasOpenPort() || endpoint.isReceiving()) {
                    changed.acquire();
                    changed.drainPermits();
                } else if (nonDaemon() == null) { // the thread that closed the last port may have started one
                    return true;
                }
            }
        } catch (InterruptedException e) {
            // the isolate was condemned
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

    /** Ends the wait of the current thread, which is not interrupted any more and continues with other tasks. */
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
