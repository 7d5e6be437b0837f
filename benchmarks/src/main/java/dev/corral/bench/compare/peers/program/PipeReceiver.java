package dev.corral.bench.compare.peers.program;

import dev.corral.bench.compare.commands.Tally;
import dev.corral.bench.compare.peers.program.Pipe.Frame;
import dev.corral.bench.compare.peers.program.Pipe.Kind;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** The child of {@link PipeMessages}, on its standard input and output. */
public final class PipeReceiver {
    private PipeReceiver() {}

    public static void main(String[] args) throws IOException {
        var pipe = new Pipe(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out));
        var tally = new Tally();
        try {
            while (true) {
                Frame frame = pipe.read();
                switch (frame.kind()) {
                    case ECHO -> {
                        pipe.write(Kind.ECHO, frame.body());
                        pipe.flush();
                    }
                    case COUNT -> tally.add(frame.body());
                    case END -> {
                        pipe.write(Kind.END, tally.end().text());
                        pipe.flush();
                    }
                }
            }
        } catch (EOFException e) {
            // the sender has ended
        }
    }
}
