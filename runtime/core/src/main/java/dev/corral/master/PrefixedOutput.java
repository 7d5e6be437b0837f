package dev.corral.master;

import dev.corral.OutputSink;
import dev.corral.Worker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** Prints on this JVM's streams, with the worker's name in front. */
record PrefixedOutput(String cluster) implements OutputSink {
    @Override
    public void line(Worker worker, boolean error, String line) {
        PrintStream stream = error ? System.err : System.out;
        stream.println(label(worker, "") + line);
    }

    /** In one write, so that no other line gets in between. */
    @Override
    public void line(Worker worker, Line line) {
        PrintStream stream = line.error() ? System.err : System.out;
        byte[] label = label(worker, part(line)).getBytes(stream.charset());
        var bytes = new ByteArrayOutputStream(label.length + line.bytes().length + 1);
        bytes.writeBytes(label);
        bytes.writeBytes(line.bytes());
        bytes.write('\n');
        stream.write(bytes.toByteArray(), 0, bytes.size());
        stream.flush();
    }

    private String label(Worker worker, String part) {
        return cluster + "#" + worker.id() + part + " | ";
    }

    /** The mark of a part of a long line; empty for a whole line. */
    private static String part(Line line) {
        if (line.part() == 0) {
            return "";
        }
        return line.last() ? " last part" : " part " + line.part();
    }
}
