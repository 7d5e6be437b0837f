package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.report.EndedWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps watch over what is left of dead workers: whether their class loaders are collected, and how many of their threads
 * still run. Belongs to the master's thread, but for the counts.
 */
final class LeakMonitor {
    static final Duration PERIOD = Duration.ofSeconds(1);

    private final Master master;
    private final List<Grave> graves = new ArrayList<>();
    private boolean looking;
    // As of the last look; read by anybody.
    private volatile int leakedLoaders;
    private volatile int abandonedThreads;
    /** Of all workers so far. */
    private volatile long stoppedThreads;

    /** A dead worker that has left something. */
    private static final class Grave {
        final WorkerHandle worker;
        final EndedWorker remains;
        boolean leaked;

        Grave(WorkerHandle worker, EndedWorker remains) {
            this.worker = worker;
            this.remains = remains;
        }

        /** Whether nothing of it is left. */
        boolean isEmpty() {
            return remains.loader() == EndedWorker.Loader.COLLECTED && remains.abandonedAlive() == 0;
        }

        /** True once, when its loader turns out to have leaked. */
        boolean hasNewlyLeaked() {
            boolean before = leaked;
            leaked = remains.loader() == EndedWorker.Loader.LEAKED;
            return leaked && !before;
        }
    }

    LeakMonitor(Master master) {
        this.master = master;
    }

    void add(WorkerHandle worker, EndedWorker remains) {
        if (!looking) {
            master.after(PERIOD, this::look);
            looking = true;
        }
        graves.add(new Grave(worker, remains));
        abandonedThreads = abandonedThreads() + remains.abandonedAlive();
        stoppedThreads = stoppedThreads() + remains.stoppedThreads();
    }

    private void look() {
        looking = false;
        try {
            lookAtAll();
        } finally { // graves are looked at again, whatever happened
            if (!graves.isEmpty()) {
                master.after(PERIOD, this::look);
                looking = true;
            }
        }
    }

    private void lookAtAll() {
        graves.removeIf(Grave::isEmpty);
        graves.stream().filter(Grave::hasNewlyLeaked).forEach(grave -> grave.remains.findHolder(path -> master
                .submit(_ -> master.publish(new ClusterEvent.LoaderLeaked(master.now(), grave.worker, path)))));
        leakedLoaders = (int) graves.stream().filter(grave -> grave.leaked).count();
        abandonedThreads = graves.stream().mapToInt(grave -> grave.remains.abandonedAlive()).sum();
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
