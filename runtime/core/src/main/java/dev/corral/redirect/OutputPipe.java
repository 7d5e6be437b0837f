package dev.corral.redirect;

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
 * A pipe of the operating system, by which what a worker writes to a file descriptor becomes lines of that worker. A daemon thread
 * reads it. What the worker prints later on the same lines comes later: whoever writes to the {@link LineSplitter} first takes what is
 * in the pipe.
 */
final class OutputPipe implements LineSplitter.Source {
    private static final Log LOG = Log.get();
    private static final ExecutorService THREADS = ServiceThreads.pool("corral-output-pipe-");
    /** Where the system has its descriptors by number: opening one of a pipe makes another descriptor of the same pipe. */
    private static final String DESCRIPTORS = Files.exists(Path.of("/proc/self/fd")) ? "/proc/self/fd/" : "/dev/fd/";

    private final LineSplitter lines;
    private final Pipe pipe;
    private final Selector selector;
    /** The worker's end of the pipe; a new one once the worker has closed it. Guarded by the monitor. */
    private FileOutputStream end;

    /**
     * Opens the pipe, with a thread that reads it.
     *
     * @throws IOException if there are too many descriptors, or the system has none by number
     * @throws LinkageError if this JVM does not open {@code sun.nio.ch}
     */
    OutputPipe(LineSplitter lines) throws IOException {
        this.lines = lines;
        // past the provider of this JVM, which would close both as sockets of the worker, before its output is flushed
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

    /** Appends, so that opening truncates nothing. The sink holds the pipe open while its number is in use. */
    private FileOutputStream openEnd() throws IOException {
        return new FileOutputStream(path(), true);
    }

    /** The name of a file that is this pipe, as long as it is not closed. */
    String path() {
        return DESCRIPTORS + ((SelChImpl) pipe.sink()).getFDVal();
    }

    /** The descriptor that the worker writes to. One that it has closed is followed by a new one. */
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

    /** Closes the worker's end. The other end is read until nobody has the worker's end any more: a child process may still have it. */
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
