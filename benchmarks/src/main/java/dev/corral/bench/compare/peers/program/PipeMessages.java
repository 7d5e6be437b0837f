package dev.corral.bench.compare.peers.program;

import dev.corral.bench.compare.commands.MessageLoop;
import dev.corral.bench.compare.commands.Payload;
import dev.corral.bench.compare.commands.Tally.Counted;
import dev.corral.bench.compare.peers.program.Pipe.Kind;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** The sender of the contender "Java processes". Its receiver is a child JVM on a pipe. */
public final class PipeMessages extends MessageLoop {
    private final Pipe pipe;

    private PipeMessages(Pipe pipe) {
        this.pipe = pipe;
    }

    public static void main(String[] args) throws IOException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), PipeReceiver.class.getName()).redirectError(Redirect.INHERIT)
                .start();
        new PipeMessages(new Pipe(child.getInputStream(), child.getOutputStream())).run();
    }

    @Override
    protected Histogram roundTrips(Payload payload, long deadline) throws Exception {
        Object body = payload.body();
        return times(() -> {
            pipe.write(Kind.ECHO, body);
            pipe.flush();
            check(payload, pipe.read().body());
        }, deadline);
    }

    @Override
    protected Flood flood(Payload payload, long deadline) throws IOException {
        Object body = payload.body();
        long sent = 0;
        while (System.nanoTime() - deadline < 0) {
            for (int i = 0; i < WINDOW; i++) {
                pipe.write(Kind.COUNT, body);
            }
            sent += WINDOW;
        }
        pipe.write(Kind.END, "");
        pipe.flush();
        return new Flood(sent, Counted.parse((String) pipe.read().body()));
    }
}
