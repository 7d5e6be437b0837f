package dev.corral.bench.compare.peers.program;

import dev.corral.bench.Hello;
import dev.corral.bench.compare.commands.MasterLoop;
import java.io.IOException;
import java.time.Duration;

/**
 * The program of the contender "bare". It is one process, whatever number of workers is requested. Its argument is the
 * port.
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
    protected void fork() throws IOException {
        isOnline();
        if (!runs) {
            runs = true;
            Hello.main(args);
        }
        isListening();
    }

    @Override
    protected void endAll() {} // the server ends with this JVM

    @Override
    protected void guard(Duration interval) {} // there is no other process that could check

    @Override
    protected void collectInWorkers() {}
}
