package dev.corral.master;

import dev.corral.ClusterEvent;
import dev.corral.ExitReason;
import dev.corral.ReloadResult;
import dev.corral.thread.Log;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Logs what happens in a cluster, one line for each event, so that a program without a listener sees it as well. What a
 * user must look at is a warning or an error. Runs on the event thread.
 */
final class EventLog implements Consumer<ClusterEvent> {
    private static final Log LOG = Log.get();

    private final String prefix;

    EventLog(String cluster) {
        this.prefix = cluster + ": ";
    }

    @Override
    public void accept(ClusterEvent event) {
        Level level = levelOf(event);
        if (level != Level.OFF) {
            LOG.event(level, prefix + event);
        }
    }

    private static Level levelOf(ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.Forked _,ClusterEvent.Online _,ClusterEvent.Listening _ -> Level.DEBUG;
            case ClusterEvent.HeartbeatMissed _,ClusterEvent.Disconnected _ -> Level.DEBUG;
            case ClusterEvent.Ready _ -> Level.INFO;
            case ClusterEvent.Replacing e -> e.overMemory() ? Level.INFO : Level.DEBUG;
            case ClusterEvent.BecameZombie _,ClusterEvent.LoaderLeaked _ -> Level.WARNING;
            case ClusterEvent.GaveUp _ -> Level.ERROR;
            case ClusterEvent.Exited e -> levelOf(e.exit().reason());
            case ClusterEvent.Reloaded e -> e.result() instanceof ReloadResult.Completed ? Level.INFO
                    : Level.OFF; // logged where it happens, even if the events are not logged
        };
    }

    private static Level levelOf(ExitReason reason) {
        return switch (reason) {
            case ExitReason.Completed _,ExitReason.OnRequest _,ExitReason.Replaced _ -> Level.INFO;
            case ExitReason.Crashed _,ExitReason.Killed _,ExitReason.Zombie _ -> Level.WARNING;
            case ExitReason.OverMemory _,ExitReason.OverThreads _ -> Level.WARNING;
        };
    }
}
