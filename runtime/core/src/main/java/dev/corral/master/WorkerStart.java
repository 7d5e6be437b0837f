package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.report.Reports;
import dev.corral.text.Quantities;
import dev.corral.thread.Log;
import dev.corral.worker.Incarnation.OpenPort;
import dev.corral.worker.Incarnation;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The start of one worker: its only attempt, and the check at its deadline. Belongs to the master's thread. */
final class WorkerStart {
    private static final Log LOG = Log.get();

    private final MasterServices services;
    private final WorkerHandle worker;
    private final Reports reports;
    /** Why the worker could not be started; null if it could. */
    private @Nullable Throwable failure;

    WorkerStart(MasterServices services, WorkerHandle worker, Reports reports) {
        this.services = services;
        this.worker = worker;
        this.reports = reports;
    }

    /**
     * Creates and starts the incarnation. After a failure, further calls only return it again.
     *
     * @param env the worker's variables beside those of the JVM
     * @param setDeadline sets the deadline by which the worker must be ready
     * @return why the worker could not be started; null if it could
     * @throws OutOfMemoryError if the fork could not be published; then the next call begins again
     */
    @Nullable
    Throwable attempt(Map<String, String> env, Runnable setDeadline) {
        if (failure == null) {
            services.events().publish(new ClusterEvent.Forked(services.clock().now(), worker));
            try {
                Incarnation incarnation = services.incarnations().create(worker, worker.program(), env, reports);
                worker.begin(incarnation);
                setDeadline.run();
                incarnation.start();
            } catch (RuntimeException | Error e) { // no thread is available, or the snapshot is gone
                failure = e;
            }
        }
        return failure;
    }

    /**
     * Handles a worker that is not ready by its deadline. If the worker must signal that it is ready, it is a zombie.
     * Otherwise it may be a program that never listens, and it is watched like a ready one.
     */
    void overdue(Incarnation incarnation) {
        incarnation.watch(services.config().readySignal());
        List<SocketAddress> unserved = incarnation.openPorts().stream().filter(port -> !port.isServed())
                .map(OpenPort::address).toList();
        if (!unserved.isEmpty()) {
            LOG.log(Level.WARNING,
                    "{0} of {1} is not ready {2} after its fork: it has bound {3}, and does not accept connections there",
                    worker, services.config().name(), Quantities.text(worker.uptime(services.clock().nanos())),
                    unserved);
        }
    }
}
