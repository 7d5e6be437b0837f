package dev.corral.bench.common;

import java.util.concurrent.SynchronousQueue;

/** Makes a thread of a worker run the work that the measuring JVM requests, one piece after another. */
public final class Errands {
    private static final SynchronousQueue<Body> ASKED = new SynchronousQueue<>();
    private static final SynchronousQueue<Long> DONE = new SynchronousQueue<>();

    private Errands() {}

    /**
     * Runs a piece of work on the worker's thread, and waits for its result. Called by the thread that measures.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    public static long run(Body body) throws InterruptedException {
        ASKED.put(body);
        return DONE.take();
    }

    /**
     * Runs the requested work until the current thread is interrupted. Called by the worker's thread.
     *
     * @throws InterruptedException when the current thread is interrupted
     */
    public static void serve() throws InterruptedException {
        while (true) {
            DONE.put(ASKED.take().run());
        }
    }
}
