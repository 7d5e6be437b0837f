package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.worker.Remains;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Keeps watch over what is left of dead workers: whether their class loaders are collected, and how many of their threads
 * still run. Belongs to the master's thread, but for the counts.
 */
final class Graveyard {
    static final Duration PERIOD = Duration.ofSeconds(1);

    private final Master master;
    private final List<Grave> graves = new ArrayList<>();
    private boolean looking;
    // Read by anybody.
    private volatile int leakedLoaders;
    private volatile int abandonedThreads;

    /** A dead worker that has left something. */
    private static final class Grave {
        final MasterWorker worker;
        final Remains remains;
        boolean leaked;

        Grave(MasterWorker worker, Remains remains) {
            this.worker = worker;
            this.remains = remains;
        }
    }

    Graveyard(Master master) {
        this.master = master;
    }

    void add(MasterWorker worker, Remains remains) {
        graves.add(new Grave(worker, remains));
        count();
        if (!looking) {
            looking = true;
            master.after(PERIOD, this::look);
        }
    }

    private void look() {
        for (Iterator<Grave> each = graves.iterator(); each.hasNext();) {
            Grave grave = each.next();
            Remains.Loader loader = grave.remains.loader();
            if (loader == Remains.Loader.COLLECTED && grave.remains.abandonedAlive() == 0) {
                each.remove();
            } else if (loader == Remains.Loader.LEAKED && !grave.leaked) {
                grave.leaked = true;
                master.publish(
                        new ClusterEvent.LoaderLeaked(master.now(), grave.worker, grave.remains.loaderHolders()));
            }
        }
        count();
        looking = !graves.isEmpty();
        if (looking) {
            master.after(PERIOD, this::look);
        }
    }

    private void count() {
        leakedLoaders = (int) graves.stream()
                .filter(grave -> grave.leaked && grave.remains.loader() == Remains.Loader.LEAKED).count();
        abandonedThreads = graves.stream().mapToInt(grave -> grave.remains.abandonedAlive()).sum();
    }

    int leakedLoaders() {
        return leakedLoaders;
    }

    int abandonedThreads() {
        return abandonedThreads;
    }
}
