package dev.corral.cli;

import dev.corral.StopPolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Standard output and standard error of the command. Each has a {@link LineWriter}, so that no thread of Corral waits
 * for a reader. If both are the same file, pipe or terminal, they share one writer, which keeps the order of their
 * lines.
 *
 * <p>While they are open, {@link System#out} and {@link System#err} of this JVM use the same writers.
 */
final class Streams implements AutoCloseable {
    private static final Duration STOP_DEADLINE = StopPolicy.DEFAULT.total();
    private static final long CHECK_NANOS = 100_000_000;
    private static final byte[] NOTHING = {};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final LineWriter out;
    private final LineWriter err;
    private final Duration stopDeadline;
    private final PrintStream originalOut = System.out;
    private final PrintStream originalErr = System.err;
    /**
     * The time at which lines that were not read are given up, as of {@link System#nanoTime}. Written before
     * {@link #stopping}.
     */
    private volatile long deadline;
    private volatile boolean stopping;

    /**
     * Creates the streams from two writers, which may be the same.
     *
     * @param stopDeadline the time from a request to stop until lines that were not read are given up
     */
    Streams(LineWriter out, LineWriter err, Duration stopDeadline) {
        this.out = out;
        this.err = err;
        this.stopDeadline = stopDeadline;
    }

    /**
     * Takes over the standard streams of this JVM, until they are closed.
     *
     * @param json whether standard output has JSON, so that the writer's own lines are JSON as well
     * @param time whether the time stands in front of each line of text
     */
    static Streams open(boolean json, boolean time) {
        Supplier<byte[]> stamp = time ? Streams::now : () -> NOTHING;
        Function<String, byte[]> text = note -> TextReporter.own(note).getBytes(System.err.charset());
        Function<String, byte[]> forOut = json ? JsonReporter::note : text;
        var outFile = new FileOutputStream(FileDescriptor.out).getChannel();
        var out = new LineWriter(outFile, forOut, json ? () -> NOTHING : stamp);
        if (areSame()) {
            out.start("standard output", _ -> {});
            return new Streams(out, out, STOP_DEADLINE).install();
        }
        var err = new LineWriter(new FileOutputStream(FileDescriptor.err).getChannel(), text, stamp);
        out.start("standard output", err::note);
        err.start("standard error", out::note);
        return new Streams(out, err, STOP_DEADLINE).install();
    }

    private static byte[] now() {
        return (TIME.format(Instant.now()) + " ").getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean areSame() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1"))
                    .equals(Files.readSymbolicLink(Path.of("/proc/self/fd/2")));
        } catch (IOException | UnsupportedOperationException e) {
            return false; // this system does not show it
        }
    }

    private Streams install() {
        System.setOut(new PrintStream(new OwnLines(out::offer), true, originalOut.charset()));
        System.setErr(new PrintStream(new OwnLines(err::offer), true, originalErr.charset()));
        return this;
    }

    LineWriter out() {
        return out;
    }

    LineWriter err() {
        return err;
    }

    /** The charset of text on standard output. */
    Charset outCharset() {
        return originalOut.charset();
    }

    /** The charset of text on standard error. */
    Charset errCharset() {
        return originalErr.charset();
    }

    /** Starts the deadline for lines that were not read, because a stop was requested. Any thread may call this. */
    void stopping() {
        if (!stopping) {
            deadline = System.nanoTime() + stopDeadline.toNanos();
            stopping = true;
        }
    }

    /**
     * Waits until everything is written, at most this time for each stream. An interrupt ends the wait for one stream
     * only.
     */
    void flush(Duration atMost) {
        boolean interrupted = false;
        for (LineWriter writer : new LineWriter[]{out, err}) {
            try {
                writer.await(atMost.toNanos());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until everything is written, as a Java program does. After a {@linkplain #stopping request to stop}, it
     * waits only until the deadline. Then it reports the number of lines that were not read on the other stream.
     */
    @Override
    public void close() {
        report(await(out), "standard output", err);
        if (err != out) {
            report(await(err), "standard error", out);
        }
        boolean interrupted = Thread.interrupted(); // by the signal to stop; the reports are written all the same
        flush(Duration.ofNanos(CHECK_NANOS));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        System.setOut(originalOut);
        System.setErr(originalErr);
    }

    private static void report(long lost, String stream, LineWriter other) {
        if (lost > 0) {
            other.note(lost + " lines of " + stream + " are lost: they were not read in time, or could not be written");
        }
    }

    /** Waits for the writer; returns the number of lines that are not written. */
    private long await(LineWriter writer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    long left = stopping ? Math.max(0, deadline - System.nanoTime()) : Long.MAX_VALUE;
                    long unwritten = writer.await(Math.min(left, CHECK_NANOS));
                    if (unwritten == 0 || left == 0 || writer.isFailing()) {
                        return unwritten;
                    }
                } catch (InterruptedException e) { // by the signal to stop
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
