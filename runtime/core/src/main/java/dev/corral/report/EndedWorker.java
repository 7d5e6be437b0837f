package dev.corral.report;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What is left of an incarnation. Keeps no object of its isolate alive. */
public interface EndedWorker {
    /** What the program said last with {@link System#exit}. */
    OptionalInt code();

    /** Its last figures. */
    WorkerFigures facts();

    /** The last lines that it printed. */
    List<String> output();

    /** Messages that it had not taken; see {@link dev.corral.Exit#undelivered}. */
    List<Object> undelivered();

    /** How many threads were stopped inside the JDK. */
    int stoppedThreads();

    /** Threads that could not be ended, each with its name and what it was doing. */
    List<String> abandonedThreads();

    /** How many of these run at this moment. */
    int abandonedAlive();

    /** What is known of its class loader; asked now and then by one thread. */
    Loader loader();

    /** Has it found out what holds a loader that has leaked, and told in words, on another thread as a rule. */
    void findHolder(Consumer<String> told);

    /** The class loader of a dead worker. */
    enum Loader {
        /** No collection that would have freed it has run since. */
        UNKNOWN,
        /** Gone. */
        COLLECTED,
        /** Still there although such collections have run. */
        LEAKED
    }
}
