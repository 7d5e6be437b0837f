package dev.corral.bench.compare.peers;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Running copies of one executable jar, which is a server whose answer to {@code GET /} contains the name of the copy.
 * They end when this object is closed, or with the measuring JVM.
 */
public interface Copies extends AutoCloseable {
    /**
     * Starts one more copy, and blocks until it has answered.
     *
     * @throws InterruptedException if the current thread is interrupted while it waits
     */
    void startOne() throws IOException, InterruptedException;

    /**
     * Returns the ports of the copies. If a client connects to these in turn, all copies receive equally many
     * connections.
     */
    List<Integer> ports();

    /** Returns the processes in which the copies run. */
    Stream<ProcessHandle> processes();

    @Override
    void close();
}
