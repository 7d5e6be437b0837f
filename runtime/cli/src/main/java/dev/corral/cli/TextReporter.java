package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.Exit;
import dev.corral.ReloadResult;
import dev.corral.Worker;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reports to people. Lines of workers have name and slot in front, and appear on the stream on which they were printed.
 * Events appear on standard error.
 */
final class TextReporter implements Reporter {
    private final String name;
    private final LineWriter out;
    private final LineWriter err;
    private final Charset charset;
    private final Charset errCharset;
    /** The addresses that were reported already. Used by the event thread only. */
    private final Set<InetSocketAddress> ports = new HashSet<>();

    /** The slots that were ready, until all of them were. Used by the event thread only. */
    private final Set<Integer> ready = new HashSet<>();
    private final int workers;

    /**
     * Creates a reporter.
     *
     * @param workers the number of workers at the start
     */
    TextReporter(String name, int workers, Streams streams) {
        this.name = name;
        this.workers = workers;
        this.out = streams.out();
        this.err = streams.err();
        this.charset = streams.outCharset();
        this.errCharset = streams.errCharset();
    }

    @Override
    public void line(Worker worker, Line line) {
        byte[] label = (name + "/" + worker.slot() + part(line) + " | ").getBytes(line.error() ? errCharset : charset);
        byte[] whole = Arrays.copyOf(label, label.length + line.bytes().length + 1);
        System.arraycopy(line.bytes(), 0, whole, label.length, line.bytes().length);
        whole[whole.length - 1] = '\n';
        (line.error() ? err : out).put(whole);
    }

    /** Returns the mark of a part of a long line; empty for a whole line. */
    private static String part(Line line) {
        if (line.part() == 0) {
            return "";
        }
        return line.last() ? " last part" : " part " + line.part();
    }

    @Override
    public void event(ClusterEvent event) {
        switch (event) {
            case ClusterEvent.Listening e when ports.add(e.address()) -> message("listening on port "
                    + e.address().getPort() + " (shared by all workers)");
            case ClusterEvent.Ready e -> ready(e.worker());
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
                        "the reload was aborted, and the old code keeps serving: "
                                + (slot < 0 ? "" : "slot " + slot + ": ")
                                + why;
            });
            case ClusterEvent.LoaderLeaked e ->
                    message(label(e.worker()) + " has left its class loader behind: " + e.path());
            case ClusterEvent.Replacing e when isOfMemory(e.why()) ->
                    message(label(e.worker()) + " will be replaced: it is " + e.why());
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

    /** Reports a worker that is ready, and the first time at which all workers are. */
    private void ready(Worker worker) {
        message(label(worker) + " is ready");
        if (ready.size() < workers && ready.add(worker.slot()) && ready.size() == workers) {
            message("all workers are ready, " + (ports.isEmpty() ? "and none has a port" : "on "
                    + ports.stream().map(address -> "port " + address.getPort()).sorted()
                            .collect(Collectors.joining(", "))));
        }
    }

    /**
     * Whether a worker is replaced because of its memory. The line about a replacement on request, or in a reload,
     * comes from its cause.
     */
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

    /** Returns a line of the command itself. */
    static String own(String text) {
        return "corral | " + text + "\n";
    }

    @Override
    public void message(String text) {
        err.offer(own(text).getBytes(errCharset));
    }
}
