package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ExitReason;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Logs what happens in a cluster, one line for each event, so that a program without a listener sees it as well. What a
 * user must look at is a warning or an error. An aborted reload is logged where it happens. Runs on the event thread.
 *
 * <p>The lines are rendered here. If they were patterns with arguments, the log would take the exits of different
 * workers for repetitions of one line, and leave some out.
 */
final class EventLog implements Consumer<ClusterEvent> {
    private static final Log LOG = Log.get();
    private static final String OVER_LIMIT = "over its ";

    private final String prefix;

    EventLog(String cluster) {
        this.prefix = cluster + ": ";
    }

    @Override
    public void accept(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.Forked e -> LOG.log(Level.DEBUG, label(e.worker()) + " was forked");
            case ClusterEvent.Online e -> LOG.log(Level.DEBUG, label(e.worker()) + " is online");
            case ClusterEvent.Listening e -> LOG.log(Level.DEBUG, label(e.worker()) + " listens on " + e.address());
            case ClusterEvent.Ready e -> LOG.log(Level.INFO, label(e.worker()) + " is ready");
            case ClusterEvent.HeartbeatMissed e -> LOG.log(Level.DEBUG,
                    label(e.worker()) + " has been silent for " + e.silence().toMillis() + " ms");
            case ClusterEvent.BecameZombie e ->
                    LOG.log(Level.WARNING, label(e.worker()) + " is a zombie: " + e.autopsy());
            case ClusterEvent.Replacing e when e.why().startsWith(OVER_LIMIT) ->
                    LOG.log(Level.INFO, label(e.worker()) + " will be replaced: it is " + e.why());
            case ClusterEvent.Replacing e ->
                    LOG.log(Level.DEBUG, label(e.worker()) + " will be replaced: " + e.why());
            case ClusterEvent.Disconnected e -> LOG.log(Level.DEBUG, label(e.worker()) + " is disconnected");
            case ClusterEvent.Exited e -> logExit(label(e.worker()), e.exit());
            case ClusterEvent.GaveUp e -> LOG.log(Level.ERROR,
                    prefix + "slot " + e.slot() + " stays down: " + e.restarts()
                            + " restarts within " + e.within().toSeconds() + " s, the last reason: "
                            + e.last().reason());
            case ClusterEvent.Reloaded e when e.result() instanceof ReloadResult.Completed done ->
                    LOG.log(Level.INFO, prefix + "reloaded " + done.replaced() + " slots in " + done.took().toMillis()
                            + " ms, now " + done.fingerprint());
            case ClusterEvent.Reloaded _ -> {
            }
            case ClusterEvent.LoaderLeaked e ->
                    LOG.log(Level.WARNING, label(e.worker()) + " has left its class loader behind: " + e.path());
        }
    }

    private static void logExit(String worker, Exit exit) {
        String why = exit.code() + ": " + exit.reason() + ", after " + exit.uptime().toMillis() + " ms";
        switch (exit.reason()) {
            case ExitReason.Completed _,ExitReason.OnRequest _,ExitReason.Replaced _ ->
                    LOG.log(Level.INFO, worker + " ended with code " + why);
            default -> LOG.log(Level.WARNING, worker + " failed with code " + why);
        }
    }

    private String label(Worker worker) {
        return prefix + "worker " + worker.id() + " (slot " + worker.slot() + ")";
    }
}
