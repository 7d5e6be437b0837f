package dev.corral.redirect;

import dev.corral.thread.Log;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The descriptors of the standard streams. Those of a worker lead to pipes of its own, made when they are first asked for. So streams and
 * channels of them may be closed, and the JVM's streams stay open.
 */
@Documented(of = "`FileDescriptor.out`, `err`, `in`",
        becomes = "its own: what is written to them becomes lines like those of `System.out`, what is read is at its end, and closing "
                + "them closes nothing of the JVM")
public final class StandardDescriptors implements Redirect {
    private static final Log LOG = Log.get();

    private final Output output;
    // All guarded by the monitor
    private @Nullable OutputPipe out;
    private @Nullable OutputPipe err;
    private @Nullable FileInputStream in;
    private boolean closed;

    /** With the output that gets what is written. */
    StandardDescriptors(Output output) {
        this.output = output;
    }

    @Replaces(type = FileDescriptor.class, field = "out")
    FileDescriptor out() {
        return descriptor(false);
    }

    @Replaces(type = FileDescriptor.class, field = "err")
    FileDescriptor err() {
        return descriptor(true);
    }

    /** Of an empty file, as {@link Input} is at its end. */
    @Replaces(type = FileDescriptor.class, field = "in")
    synchronized FileDescriptor in() {
        try {
            if (in == null || !in.getFD().valid()) {
                in = new FileInputStream("/dev/null");
            }
            return in.getFD();
        } catch (IOException e) {
            return none(e);
        }
    }

    private FileDescriptor descriptor(boolean error) {
        try {
            return pipe(error).descriptor();
        } catch (IOException | LinkageError e) {
            return none(e);
        }
    }

    /** An invalid one, so that using it fails, and does no harm to others. */
    private static FileDescriptor none(Throwable reason) {
        LOG.failed("a worker gets no descriptor of a standard stream", reason);
        return new FileDescriptor();
    }

    /** The pipe to standard output, or standard error. */
    synchronized OutputPipe pipe(boolean error) throws IOException {
        if (closed) {
            throw new IOException("the worker has ended");
        }
        OutputPipe made = error ? err : out;
        if (made == null) {
            made = new OutputPipe(output.lines(error));
            if (error) {
                err = made;
            } else {
                out = made;
            }
        }
        return made;
    }

    /** Closes the worker's ends. */
    @Override
    public synchronized void close() {
        closed = true;
        close(out == null ? null : out::close);
        close(err == null ? null : err::close);
        close(in == null ? null : in::close);
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void close(@Nullable Closing end) {
        try {
            if (end != null) {
                end.close();
            }
        } catch (IOException e) {
            LOG.failed("closing a descriptor of a standard stream", e);
        }
    }
}
