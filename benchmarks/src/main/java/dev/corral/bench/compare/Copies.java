package dev.corral.bench.compare;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Running copies of one executable jar, a server whose answer to {@code GET /} names the copy. They end when this is closed,
 * or with the measuring JVM.
 */
interface Copies extends AutoCloseable {
    /** Starts one copy more, and returns when that one has answered. */
    void startOne() throws IOException, InterruptedException;

    /** Where they are asked, so that connections made to these in turn meet all copies equally. */
    List<Integer> ports();

    /** The processes that they run in. */
    Stream<ProcessHandle> processes();

    @Override
    void close();
}
