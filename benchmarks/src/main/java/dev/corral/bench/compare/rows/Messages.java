package dev.corral.bench.compare.rows;

import dev.corral.bench.compare.commands.Group;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.machine.Place;
import dev.corral.bench.compare.peers.Contender;
import dev.corral.bench.compare.peers.SendsMessages;
import dev.corral.bench.compare.report.Effort;
import dev.corral.bench.compare.report.Figure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cost of messages between two sides. The subclasses differ in whether they are answered. */
abstract class Messages implements Row {
    /**
     * Measures once, and adds the figures.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    abstract void measure(Group group, Payload payload, Duration span, Map<Figure, Double> figures)
            throws InterruptedException;

    /** Returns the payloads that are measured for this contender. */
    abstract List<Payload> payloads(SendsMessages contender);

    /** Returns what exactly is measured, as the first sentences of the method. */
    abstract String measured();

    @Override
    public final String method(Effort effort) {
        return measured() + " The bodies are a string of " + Payload.TEXT.length()
                + " ASCII characters, and an array of "
                + Payload.BYTES.length() + " bytes. Each body is measured for " + span(effort).toMillis()
                + " ms per round. All contenders run during all rounds. Each has been warmed up with the same messages for "
                + warmUp(effort).toMillis()
                + " ms. Node's cluster: `worker.send()` and `process.send()`, with one worker;"
                + " the string as JSON, the bytes as a Buffer with `serialization: 'advanced'`. worker_threads:"
                + " `postMessage()`, which copies. Java processes: a JVM on two pipes, with frames of kind, length and"
                + " bytes and buffers of 64 KiB. Corral: `send` and `ask` from the master to a worker whose mailbox has"
                + " room for two windows; strings are passed by reference, arrays are copied. Vert.x: the event bus of one"
                + " JVM, between verticles on two event loops; its codec copies arrays, and strings are passed by"
                + " reference. Pekko: two typed actors in one JVM; everything is passed by reference.";
    }

    @Override
    public final int rounds(Effort effort) {
        return effort.of(2, 5);
    }

    /**
     * Returns the budget. In a quick run it includes the start and the warm-up of five contenders before the first
     * round.
     */
    @Override
    public final Duration budget(Effort effort) {
        return Duration.ofSeconds(effort.of(25, 150));
    }

    private static Duration span(Effort effort) {
        return Duration.ofMillis(effort.of(300, 1000));
    }

    private static Duration warmUp(Effort effort) {
        return Duration.ofMillis(effort.of(500, 3000));
    }

    @Override
    public final boolean suits(Contender contender) {
        return contender instanceof SendsMessages;
    }

    @Override
    public final Session open(Contender contender, Place place, Effort effort) throws Exception {
        var sender = (SendsMessages) contender;
        Group group = sender.startMessages(place);
        try {
            for (Payload payload : payloads(sender)) {
                measure(group, payload, warmUp(effort), new HashMap<>());
            }
            return new Traffic(group, payloads(sender), span(effort));
        } catch (Exception e) {
            group.close();
            throw e;
        }
    }

    private final class Traffic implements Session {
        private final Group group;
        private final List<Payload> payloads;
        private final Duration span;

        Traffic(Group group, List<Payload> payloads, Duration span) {
            this.group = group;
            this.payloads = payloads;
            this.span = span;
        }

        @Override
        public Map<Figure, Double> round() throws Exception {
            var figures = new HashMap<Figure, Double>();
            for (Payload payload : payloads) {
                measure(group, payload, span, figures);
            }
            return figures;
        }

        @Override
        public void close() {
            group.close();
        }
    }
}
