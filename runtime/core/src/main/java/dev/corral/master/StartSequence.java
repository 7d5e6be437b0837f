package dev.corral.master;

import dev.corral.ClusterConfig;
import dev.corral.ClusterEvent;
import dev.corral.thread.ServiceThreads;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The start of one cluster, step by step. If a step fails, the steps before it are undone. */
final class StartSequence {
    private final Master master;
    private final MasterServices services;
    private final ClusterConfig config;

    /**
     * The steps in their order. The shutdown hook and the signal act through the master's thread, so they come after
     * that thread.
     */
    enum Step {
        EVENTS, MASTER_THREAD, SHUTDOWN_HOOK, RELOAD_SIGNAL, FIRST_WORKERS
    }

    StartSequence(Master master) {
        this.master = master;
        this.services = master.services();
        this.config = master.config();
    }

    /**
     * Starts the cluster. If a step fails, no thread, hook, signal handler or worker stays.
     *
     * @param before is called before each step; what it throws is a failure of that step
     */
    void run(Consumer<Step> before) {
        Set<Step> done = EnumSet.noneOf(Step.class);
        try {
            for (Step step : Step.values()) {
                before.accept(step);
                take(step);
                done.add(step);
            }
        } catch (RuntimeException | Error e) { // no thread or no memory is left, or the JVM is shutting down
            undo(done.contains(Step.MASTER_THREAD), e);
            throw e;
        }
    }

    private void take(Step step) {
        switch (step) {
            case EVENTS -> {
                if (config.eventLog()) {
                    services.events().listen(ClusterEvent.class, new EventLog(config.name()));
                }
                config.listeners().forEach(listener -> services.events().listen(ClusterEvent.class, listener));
                warmUpWhenReady();
                services.events().start();
            }
            case MASTER_THREAD -> {
                services.loop().start();
                services.loop().submit(this::checkThreads);
            }
            case SHUTDOWN_HOOK -> {
                if (config.shutdownHook()) {
                    master.shutdownHook().add();
                }
            }
            case RELOAD_SIGNAL -> {
                if (config.reloadSignal()) {
                    ReloadSignal.listen(master);
                }
            }
            case FIRST_WORKERS -> {
                for (int i = 0; i < config.workers(); i++) {
                    master.fork();
                }
            }
        }
    }

    /** Ends what was started. Without a master's thread there is no worker to wait for. */
    private void undo(boolean hasThread, Throwable failure) {
        try {
            if (hasThread) {
                master.close();
            } else {
                master.closeUnstarted();
            }
        } catch (RuntimeException | Error e) {
            failure.addSuppressed(e);
        }
    }

    /** Warms up the failure path as soon as all workers are ready, so that no worker's start waits for it. */
    private void warmUpWhenReady() {
        var ready = new AtomicInteger();
        var _ = services.events().listen(ClusterEvent.Ready.class, _ -> {
            if (ready.incrementAndGet() >= config.workers()) {
                FailurePathWarmUp.begin(config);
            }
        });
    }

    /**
     * Replaces the event thread if a listener blocks it, and service threads that have ended. Runs again after each
     * period.
     */
    private void checkThreads() {
        try {
            services.events().relieve();
            ServiceThreads.superviseAll();
        } finally { // the next check takes place even if this one has failed
            services.loop().after(EventThread.PATIENCE, this::checkThreads);
        }
    }
}
