package dev.corral;

import java.io.PrintStream;

/** Prints on this JVM's streams, with the cluster's name and the worker's slot in front. */
record PrefixedOutput(String cluster) implements OutputSink {
    @Override
    public void line(Worker worker, boolean error, String line) {
        PrintStream stream = error ? System.err : System.out;
        stream.println(cluster + "/" + worker.slot() + " | " + line);
    }
}
