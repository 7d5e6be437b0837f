package dev.corral.bench.common;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A queue of threads that are about to spin. The measuring thread takes them one by one. */
public final class Spinning {
    /** The package to share with {@code Program.withShared}; otherwise every worker has a queue of its own. */
    public static final String PACKAGE = Spinning.class.getPackageName();
    private static final BlockingQueue<Thread> THREADS = new LinkedBlockingQueue<>();

    private Spinning() {}

    /** Adds the current thread. The thread calls it immediately before it spins. */
    public static void begin() {
        THREADS.add(Thread.currentThread());
    }

    /**
     * Returns the next thread; blocks until there is one.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public static Thread take() throws InterruptedException {
        return THREADS.take();
    }
}
