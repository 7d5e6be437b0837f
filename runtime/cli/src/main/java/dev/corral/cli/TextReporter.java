package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.Worker;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reports to people. Lines of workers have the worker's name in front, and appear on the stream on which they were
 * printed. Events appear on standard error.
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
        byte[] label = (name + "#" + worker.id() + part(line) + " | ").getBytes(line.error() ? errCharset : charset);
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
            case ClusterEvent.Ready e -> ready(e);
            case ClusterEvent.BecameZombie e -> {
                message(e.toString());
                e.autopsy().stacks().stream().limit(1).forEach(this::message);
            }
            case ClusterEvent.Replacing e when e.overMemory() -> message(e.toString());
            case ClusterEvent.HeartbeatMissed e -> message(e.toString());
            case ClusterEvent.Exited e -> message(e.toString());
            case ClusterEvent.GaveUp e -> message(e.toString());
            case ClusterEvent.Reloaded e -> message(e.toString());
            case ClusterEvent.LoaderLeaked e -> message(e.toString());
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
    private void ready(ClusterEvent.Ready event) {
        Worker worker = event.worker();
        message(event.toString());
        if (ready.size() < workers && ready.add(worker.slot()) && ready.size() == workers) {
            message("all workers are ready, " + (ports.isEmpty() ? "and none has a port" : "on "
                    + ports.stream().map(address -> "port " + address.getPort()).sorted()
                            .collect(Collectors.joining(", "))));
        }
    }

    @Override
    public void advice(Advice advice) {
        advice.lines().forEach(this::message);
    }

    /** Returns a line of the command itself. */
    static String own(String line) {
        return "corral | " + line + "\n";
    }

    @Override
    public void message(String text) {
        text.lines().forEach(line -> err.offer(own(line).getBytes(errCharset)));
    }
}
