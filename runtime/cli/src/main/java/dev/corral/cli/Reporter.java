package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.OutputSink;
import dev.corral.Worker;
import java.nio.charset.StandardCharsets;

/** Reports what happens, and what workers print. Called by several threads. Only {@code line} waits for a slow reader. */
interface Reporter extends OutputSink {
    /** Corral calls the other method. */
    @Override
    default void line(Worker worker, boolean error, String line) {
        line(worker, new Line(error, line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8, 0, true));
    }

    @Override
    void line(Worker worker, Line line);

    /** On the event thread. */
    void event(ClusterEvent event);

    /** What limits of memory to set. */
    void advice(Advice advice);

    /** Something that is about the whole. */
    void message(String text);
}
