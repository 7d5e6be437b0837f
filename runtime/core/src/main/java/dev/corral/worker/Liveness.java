package dev.corral.worker;

import dev.corral.isolate.Isolate;
import dev.corral.isolate.LiveThreads;
import dev.corral.mailbox.WorkerSide;
import dev.corral.port.WorkerPorts;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Whether a program whose entry has returned goes on: it has a non-daemon thread, an open port or a handler of messages. The thread that entered the
 * program waits here for its end, as the JVM's own DestroyJavaVM thread does.
 */
final class Liveness {
    private final Isolate isolate;
    /** Released at each change that may be the end. */
    private final Semaphore changed = new Semaphore(0);

    Liveness(Isolate isolate) {
        this.isolate = isolate;
    }

    /** A port was given back, or a handler closed. */
    void changed() {
        changed.release();
    }

    /**
     * Waits, on the thread that entered the program, until nothing keeps the worker alive.
     *
     * @return false if the worker is being ended before that
     */
    boolean awaitEnd(WorkerPorts ports, WorkerSide side) {
        while (!isolate.isCondemned()) {
            try {
                Thread other = otherNonDaemon();
                if (other != null) {
                    other.join();
                } else if (ports.hasOpenPort() || side.isReceiving()) {
                    changed.acquire();
                    changed.drainPermits();
                } else if (otherNonDaemon() == null) { // none was started by whoever closed the last of them
                    return true;
                }
            } catch (InterruptedException e) {
                // by the program, which may have kept this thread from the time that it was its own; or by the end
            }
        }
        return false;
    }

    private @Nullable Thread otherNonDaemon() {
        for (Thread thread : LiveThreads.platform(isolate)) {
            if (!thread.isDaemon() && thread != Thread.currentThread()) {
                return thread;
            }
        }
        return null;
    }
}
