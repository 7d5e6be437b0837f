package dev.corral.redirect.thread;

import dev.corral.redirect.Documented;
import dev.corral.redirect.Redirect;
import dev.corral.redirect.Replaces;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Virtual threads: they run on the worker's scheduler, whatever thread creates them. */
@Documented(of = "virtual threads",
        becomes = "run on its own carriers, so that one that spins does not stop another worker")
public final class VirtualThreadMaking implements Redirect {
    private final Supplier<Thread.Builder.OfVirtual> builders;
    private final UncaughtExceptionHandler handler;

    /**
     * The redirect of one worker.
     *
     * @param builders supplies builders of threads on the worker's scheduler
     * @param handler handles their uncaught exceptions. It is set on each thread, because the JVM's default handler may
     *        be replaced at any time
     */
    public VirtualThreadMaking(Supplier<Thread.Builder.OfVirtual> builders, UncaughtExceptionHandler handler) {
        this.builders = builders;
        this.handler = handler;
    }

    /** A builder of virtual threads of the worker. */
    @Replaces(type = Thread.class, method = "ofVirtual")
    public Thread.Builder.OfVirtual ofVirtual() {
        return builders.get().uncaughtExceptionHandler(handler);
    }

    @Replaces(type = Thread.class, method = "startVirtualThread")
    Thread startVirtualThread(Runnable task) {
        return ofVirtual().start(task);
    }

    @Replaces(type = Executors.class, method = "newVirtualThreadPerTaskExecutor")
    ExecutorService newVirtualThreadPerTaskExecutor() {
        return Executors.newThreadPerTaskExecutor(ofVirtual().factory());
    }
}
