package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.OutputSink;
import dev.corral.Worker;
import java.nio.charset.StandardCharsets;

/** Reports events and the output of workers. Several threads call it. Only {@code line} waits for a slow reader. */
interface Reporter extends OutputSink {
    /** Not called by Corral, which calls the other method. */
    @Override
    default void line(Worker worker, boolean error, String line) {
        line(worker, new Line(error, line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8, 0, true));
    }

    @Override
    void line(Worker worker, Line line);

    /** Reports an event. Called on the event thread. */
    void event(ClusterEvent event);

    /** Reports which limits of memory to set. */
    void advice(Advice advice);

    /** Reports a message of the command itself. */
    void message(String text);
}
