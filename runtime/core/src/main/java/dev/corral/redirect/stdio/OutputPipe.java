package dev.corral.redirect.stdio;

import dev.corral.thread.Log;
import dev.corral.thread.ServiceThreads;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import sun.nio.ch.DefaultSelectorProvider;
import sun.nio.ch.SelChImpl;

/**
 * A pipe of the operating system through which what a worker writes to a file descriptor becomes lines of that worker.
 * A daemon thread reads it. The order is kept: a thread that writes to the {@link LineSplitter} first takes what is in
 * the pipe.
 */
final class OutputPipe implements LineSplitter.Source {
    private static final Log LOG = Log.get();
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-output-pipe-");
    /**
     * The directory in which the system has its descriptors by number. Opening a file there creates another descriptor
     * of the same pipe.
     */
    private static final String DESCRIPTORS = Files.exists(Path.of("/proc/self/fd")) ? "/proc/self/fd/" : "/dev/fd/";

    private final LineSplitter lines;
    private final Pipe pipe;
    private final Selector selector;
    /** The worker's end of the pipe. Replaced by a new one after the worker has closed it. Guarded by the monitor. */
    private FileOutputStream end;

    /**
     * Opens the pipe, and starts a thread that reads it.
     *
     * @throws IOException if there are too many descriptors, or the system has no directory of descriptors
     * @throws LinkageError if this JVM does not open {@code sun.nio.ch}
     */
    OutputPipe(LineSplitter lines) throws IOException {
        this.lines = lines;
        // not the provider of this JVM: it would close both ends as sockets of the worker, before the output is flushed
        SelectorProvider provider = DefaultSelectorProvider.get();
        pipe = provider.openPipe();
        try {
            selector = provider.openSelector();
            try {
                end = openEnd();
                pipe.source().configureBlocking(false);
                pipe.source().register(selector, SelectionKey.OP_READ);
                lines.attach(this);
                THREADS.execute(this::readAll);
            } catch (IOException | RuntimeException | Error e) {
                selector.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            pipe.sink().close();
            pipe.source().close();
            throw e;
        }
    }

    /**
     * Opens the worker's end. It appends, so that opening does not truncate. The sink stays open, so its number stays
     * valid.
     */
    private FileOutputStream openEnd() throws IOException {
        return new FileOutputStream(path(), true);
    }

    /** The path of a file that is this pipe until the pipe is closed. */
    String path() {
        return DESCRIPTORS + ((SelChImpl) pipe.sink()).getFDVal();
    }

    /** The descriptor that the worker writes to. After the worker has closed it there is a new one. */
    synchronized FileDescriptor descriptor() throws IOException {
        if (!end.getFD().valid()) {
            end = openEnd();
        }
        return end.getFD();
    }

    private void readAll() {
        try (selector; Pipe.SourceChannel source = pipe.source()) {
            while (source.isOpen() && lines.pull()) {
                selector.select(_ -> {});
            }
        } catch (IOException | ClosedSelectorException e) {
            LOG.failed("a pipe of a worker's output cannot be read", e);
        }
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        return pipe.source().read(ByteBuffer.wrap(bytes));
    }

    /**
     * Closes the worker's end. The other end is read until every copy of the worker's end is closed; a child process
     * may still have one.
     */
    void close() throws IOException {
        try {
            closeEnd();
        } finally {
            pipe.sink().close();
        }
    }

    private synchronized void closeEnd() throws IOException {
        end.close();
    }
}
