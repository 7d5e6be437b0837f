package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** For people: lines of workers with name and slot in front, on the stream that they were printed on; events on the second. */
final class TextReporter implements Reporter {
    private final String name;
    private final PrintStream out;
    private final PrintStream err;
    /** Owned by the event thread. */
    private final Set<InetSocketAddress> ports = new HashSet<>();

    TextReporter(String name, PrintStream out, PrintStream err) {
        this.name = name;
        this.out = out;
        this.err = err;
    }

    @Override
    public void line(Worker worker, boolean error, String line) {
        (error ? err : out).println(name + "/" + worker.slot() + " | " + line);
    }

    @Override
    public void event(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.Listening e when ports.add(e.address()) -> message("port " + e.address().getPort()
                    + " is shared from now on");
            case ClusterEvent.Ready e -> message(label(e.worker()) + " is ready");
            case ClusterEvent.HeartbeatMissed e ->
                    message(label(e.worker()) + " has been silent for " + e.silence().toMillis() + " ms");
            case ClusterEvent.BecameZombie e -> {
                message(label(e.worker()) + " is a zombie: " + e.autopsy());
                e.autopsy().stacks().stream().limit(1).forEach(this::message);
            }
            case ClusterEvent.Exited e -> message(e.exit().toString());
            case ClusterEvent.GaveUp e ->
                    message("slot " + e.slot() + " stays down: " + e.restarts() + " restarts within "
                            + e.within().toSeconds() + " s, the last reason: " + e.last().reason());
            case ClusterEvent.Reloaded e -> message(switch (e.result()) {
                case ReloadResult.Completed(int replaced, String fingerprint, Duration took) ->
                        "reloaded " + replaced + " slots in " + took.toMillis() + " ms, now " + fingerprint;
                case ReloadResult.Aborted(int slot, String why, Optional<Exit> _) ->
                        "the reload was aborted, the old code serves on: " + (slot < 0 ? "" : "slot " + slot + ": ")
                                + why;
            });
            case ClusterEvent.LoaderLeaked e ->
                    message(label(e.worker()) + " has left its class loader behind: " + e.path());
            case ClusterEvent.Replacing e when isOfMemory(e.why()) ->
                    message(label(e.worker()) + " is to be replaced, it is " + e.why());
            case ClusterEvent.Forked _ -> {
            }
            case ClusterEvent.Online _ -> {
            }
            case ClusterEvent.Listening _ -> {
            }
            case ClusterEvent.Replacing _ -> {
            }
            case ClusterEvent.Disconnected _ -> {
            }
        }
    }

    /** What is done on request, or in a reload, is told by whoever has asked for it. */
    private static boolean isOfMemory(String why) {
        return why.startsWith("over its ");
    }

    private static String label(Worker worker) {
        return "worker " + worker.id() + " (slot " + worker.slot() + ")";
    }

    @Override
    public void advice(Advice advice) {
        advice.lines().forEach(this::message);
    }

    @Override
    public void message(String text) {
        err.println("corral | " + text);
    }
}
