package dev.corral.report;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The data that is left after the end of an incarnation. It refers to no object of the isolate. */
public interface EndedWorker {
    /** Returns the code of the program's last call of {@link System#exit}; empty if there was none. */
    OptionalInt code();

    /** Returns its last figures. */
    WorkerFigures facts();

    /** Returns the last lines that it printed. */
    List<String> output();

    /** Returns the messages that it did not receive; see {@link dev.corral.Exit#undelivered}. */
    List<Object> undelivered();

    /** Returns the number of threads that were stopped inside the JDK. */
    int stoppedThreads();

    /** Returns the threads that could not be ended, each with its name and stack. */
    List<String> abandonedThreads();

    /** Returns the number of abandoned threads that are alive at this moment. */
    int abandonedAlive();

    /** Returns what is known of its class loader. One thread calls this from time to time. */
    Loader loader();

    /**
     * Searches for what holds a leaked class loader, usually on another thread, and passes the result to the consumer
     * as text.
     */
    void findHolder(Consumer<String> found);

    /** The state of the class loader of an ended worker. */
    enum Loader {
        /** No collection that could have freed it has run since the end. */
        UNKNOWN,
        /** The loader was collected. */
        COLLECTED,
        /** The loader is still there although such collections have run. */
        LEAKED
    }
}
