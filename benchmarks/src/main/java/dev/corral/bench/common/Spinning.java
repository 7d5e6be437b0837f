package dev.corral.bench.common;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Threads that say of themselves that they spin from now on; whoever measures takes them out, one by one. */
public final class Spinning {
    /** A package to be shared by {@code Program.withShared}, or every worker has a queue of its own. */
    public static final String PACKAGE = Spinning.class.getPackageName();
    private static final BlockingQueue<Thread> THREADS = new LinkedBlockingQueue<>();

    private Spinning() {}

    /** Called by the thread, right before it spins. */
    public static void begin() {
        THREADS.add(Thread.currentThread());
    }

    /** The next one; waits for it. */
    public static Thread take() throws InterruptedException {
        return THREADS.take();
    }
}
