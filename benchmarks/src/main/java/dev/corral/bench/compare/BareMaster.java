package dev.corral.bench.compare;

import dev.corral.bench.Hello;
import java.io.IOException;
import java.time.Duration;

/**
 * The program of {@link Bare}. It is one process, whatever number of workers is requested. Its argument is the port.
 */
public final class BareMaster extends MasterLoop {
    private final String[] args;
    private boolean runs;

    private BareMaster(String[] args) {
        this.args = args;
    }

    public static void main(String[] args) throws Exception {
        new BareMaster(args).run();
    }

    @Override
    void fork() throws IOException {
        isOnline();
        if (!runs) {
            runs = true;
            Hello.main(args);
        }
        isListening();
    }

    @Override
    void endAll() {} // the server ends with this JVM

    @Override
    void guard(Duration interval) {} // there is no other process that could check

    @Override
    void collectInWorkers() {}
}
