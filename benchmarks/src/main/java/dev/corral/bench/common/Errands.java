package dev.corral.bench.common;

import java.util.concurrent.SynchronousQueue;

/** Lets a thread of a worker do what the JVM that measures asks for, one thing after another. */
public final class Errands {
    private static final SynchronousQueue<Body> ASKED = new SynchronousQueue<>();
    private static final SynchronousQueue<Long> DONE = new SynchronousQueue<>();

    private Errands() {}

    /** Called by the thread that measures: has it run by the other one. */
    public static long run(Body body) throws InterruptedException {
        ASKED.put(body);
        return DONE.take();
    }

    /** Called by the worker's thread: does what is asked for, until it is interrupted. */
    public static void serve() throws InterruptedException {
        while (true) {
            DONE.put(ASKED.take().run());
        }
    }
}
