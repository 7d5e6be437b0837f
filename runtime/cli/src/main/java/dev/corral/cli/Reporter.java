package dev.corral.cli;

import dev.corral.ClusterEvent;
import dev.corral.OutputSink;

/** Tells what happens, and what workers print. Called by several threads. */
interface Reporter extends OutputSink {
    /** On the event thread. */
    void event(ClusterEvent event);

    /** What limits of memory to set. */
    void advice(Advice advice);

    /** Something that is about the whole. */
    void message(String text);
}
