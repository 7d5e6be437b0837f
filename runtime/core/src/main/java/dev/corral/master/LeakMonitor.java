package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.report.EndedWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Watches what ended workers have left: whether their class loaders are collected, and how many of their threads still
 * run. The master's thread calls all methods but the figures, which any thread may read.
 */
final class LeakMonitor {
    static final Duration PERIOD = Duration.ofSeconds(1);

    private final MasterServices services;
    /** Ended workers that have left something, in the order of their ends. */
    private final List<Remains> watched = new ArrayList<>();
    /** Whether the timer of the next check is set. */
    private boolean scheduled;
    // The figures, as of the last check. Written by the master's thread, read by any thread.
    private volatile int leakedLoaders;
    private volatile int abandonedThreads;
    /** The number of threads that were stopped inside the JDK, of all workers since the start. */
    private volatile long stoppedThreads;

    /** What one ended worker has left. */
    private static final class Remains {
        final WorkerHandle worker;
        final EndedWorker ended;
        boolean leaked;

        Remains(WorkerHandle worker, EndedWorker ended) {
            this.worker = worker;
            this.ended = ended;
        }

        /** Returns whether nothing is left any more. */
        boolean isGone() {
            return ended.loader() == EndedWorker.Loader.COLLECTED && ended.abandonedAlive() == 0;
        }

        /** Returns true once: at the first check that finds that the class loader has leaked. */
        boolean hasNewlyLeaked() {
            boolean before = leaked;
            leaked = ended.loader() == EndedWorker.Loader.LEAKED;
            return leaked && !before;
        }
    }

    LeakMonitor(MasterServices services) {
        this.services = services;
    }

    /** Watches what this worker has left, until nothing is left. */
    void add(WorkerHandle worker, EndedWorker ended) {
        schedule();
        watched.add(new Remains(worker, ended)); // order: allocate before count
        abandonedThreads = abandonedThreads() + ended.abandonedAlive();
        stoppedThreads = stoppedThreads() + ended.stoppedThreads();
    }

    private void schedule() {
        if (!scheduled) {
            services.loop().after(PERIOD, this::check);
            scheduled = true;
        }
    }

    private void check() {
        scheduled = false;
        try {
            checkAll();
        } finally { // the next check takes place even if this one has failed
            if (!watched.isEmpty()) {
                schedule();
            }
        }
    }

    private void checkAll() {
        watched.removeIf(Remains::isGone);
        watched.stream().filter(Remains::hasNewlyLeaked).forEach(this::findHolder);
        leakedLoaders = (int) watched.stream().filter(remains -> remains.leaked).count();
        abandonedThreads = watched.stream().mapToInt(remains -> remains.ended.abandonedAlive()).sum();
    }

    /** Publishes the leak as soon as the path to its holder is known. The search runs on another thread. */
    private void findHolder(Remains remains) {
        remains.ended.findHolder(path -> services.loop().submit(() -> services.events().publish(
                new ClusterEvent.LoaderLeaked(services.clock().now(), remains.worker, path))));
    }

    int leakedLoaders() {
        return leakedLoaders;
    }

    long stoppedThreads() {
        return stoppedThreads;
    }

    int abandonedThreads() {
        return abandonedThreads;
    }
}
